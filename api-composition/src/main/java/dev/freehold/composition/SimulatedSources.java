package dev.freehold.composition;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.objenesis.SpringObjenesis;
import org.springframework.util.ReflectionUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Views over sources that answer with what a test tells them: for tests of views without services, threads, or a Spring context.
 *
 * <p>The sources are those that types declare; their methods are never called. Plans, batches, joins, limits, caches and budgets are those
 * of production; policies are left out. Time is virtual: it goes on only while a page waits for a source, by the source's latency, so a
 * page whose source hangs takes its whole budget and no time. To be used by one thread.
 */
public final class SimulatedSources {

    private final Compositions compositions;
    private final StubAnswers answers;
    private final VirtualCaller caller;
    private final ConcurrentMapCacheManager caches;

    private SimulatedSources(
            Compositions compositions, StubAnswers answers, VirtualCaller caller, ConcurrentMapCacheManager caches) {
        this.caches = caches;
        this.compositions = compositions;
        this.answers = answers;
        this.caller = caller;
    }

    /**
     * Reads views and sources, none of which has any rows.
     *
     * @param views records with {@link ComposedView}
     * @param declaring classes and interfaces whose methods are sources
     * @throws InvalidDeclarationException if any cannot work, as in production
     */
    public static SimulatedSources of(List<Class<?>> views, Class<?>... declaring) {
        return of(builder -> builder.sources(instances(declaring)).views(views.toArray(Class<?>[]::new)));
    }

    /**
     * The same for sources and views that are specs, such as those that a service gives to its builder. Their functions are never called.
     *
     * @param declarations adds them; caches, scope and calls are simulated whatever it says of them
     * @throws InvalidDeclarationException if any cannot work, as in production
     */
    public static SimulatedSources of(Consumer<CompositionsBuilder> declarations) {
        CompositionsBuilder builder = Compositions.builder();
        declarations.accept(builder);
        AtomicReference<@Nullable StubAnswers> answers = new AtomicReference<>();
        AtomicReference<@Nullable VirtualCaller> caller = new AtomicReference<>();
        ConcurrentMapCacheManager caches = new ConcurrentMapCacheManager();
        Compositions compositions = builder.caches(caches)
                .scope(() -> "test")
                .caller(declared -> {
                    StubAnswers stubs = new StubAnswers(declared);
                    VirtualCaller virtual = new VirtualCaller(stubs);
                    answers.set(stubs);
                    caller.set(virtual);
                    return virtual;
                })
                .build();
        return new SimulatedSources(
                compositions, Objects.requireNonNull(answers.get()), Objects.requireNonNull(caller.get()), caches);
    }

    /** Without their constructors, since nothing of them is called. */
    private static Object[] instances(Class<?>[] types) {
        List<Object> instances = new ArrayList<>();
        for (Class<?> type : types) {
            instances.add(
                    type.isInterface()
                            ? Proxy.newProxyInstance(
                                    type.getClassLoader(), new Class<?>[] {type}, SimulatedSources::refuse)
                            : new SpringObjenesis().newInstance(type, false));
        }
        return instances.toArray();
    }

    private static @Nullable Object refuse(Object proxy, Method method, Object @Nullable [] arguments) {
        if (ReflectionUtils.isHashCodeMethod(method)) {
            return System.identityHashCode(proxy);
        }
        if (ReflectionUtils.isEqualsMethod(method)) {
            return arguments != null && proxy == arguments[0];
        }
        throw new IllegalStateException(method + " is only simulated");
    }

    // ---- what there is

    /**
     * Adds rows of a root source, which come in its order, or of a source whose rows tell their keys.
     *
     * @throws IllegalArgumentException if there is no such source, or its rows do not tell their keys
     */
    public SimulatedSources rows(String source, Object... rows) {
        answers.add(source, List.of(rows));
        return this;
    }

    /**
     * Adds rows of a source for a key.
     *
     * @throws IllegalArgumentException if there is no such source, or it has other keys
     */
    public SimulatedSources rowsFor(String source, Object key, Object... rows) {
        answers.addFor(source, key, List.of(rows));
        return this;
    }

    /** Says which keys of a source match something ({@link KeySource}); nothing else does. */
    public SimulatedSources keys(String source, Object match, Object... keys) {
        answers.keys(source, match, List.of(keys));
        return this;
    }

    /**
     * Says how a root source filters; if not said, it does not.
     *
     * @param accepts told the filter and a row
     */
    @SuppressWarnings("unchecked") // the view gives nothing else
    public <F, R> SimulatedSources filter(String root, BiPredicate<F, R> accepts) {
        answers.filter(root, (BiPredicate<Object, Object>) (BiPredicate<?, ?>) accepts);
        return this;
    }

    /** Has a source fail from now on, with what its client would throw. */
    public SimulatedSources fail(String source, Throwable thrown) {
        answers.fail(source, name -> Failures.of(name, thrown));
        return this;
    }

    /** Has a source fail from now on. */
    public SimulatedSources fail(String source, Cause cause) {
        answers.fail(source, name -> Failure.of(name, cause, "simulated"));
        return this;
    }

    /** Has a source answer no more. */
    public SimulatedSources hang(String source) {
        answers.hang(source);
        return this;
    }

    /** Has a source that heeds tokens tell, with each page that has one, that it has not got so far ({@link Consistency}). */
    public SimulatedSources behind(String source) {
        answers.fallBehind(source);
        return this;
    }

    /** Has a source answer again as it should. */
    public SimulatedSources heal(String source) {
        answers.heal(source);
        return this;
    }

    /** How long each call of a source takes from now on; no time, if not said. */
    public SimulatedSources latency(String source, Duration latency) {
        answers.latency(source, latency);
        return this;
    }

    // ---- pages

    /** As {@link Compositions#view(Class, Class)}. */
    public <R, F> View<R, F> view(Class<R> row, Class<F> filter) {
        return compositions.view(row, filter);
    }

    /** As {@link Compositions#view(Class)}. */
    public <R> View<R, Void> view(Class<R> row) {
        return compositions.view(row);
    }

    /** All of it: lookups, plans. */
    public Compositions compositions() {
        return compositions;
    }

    /**
     * Makes a page as it was made when it was recorded: its sources say the same, key by key, failures and stale rows too, in whatever
     * batches they are asked now; policies and time play no part. The recording may have been written as JSON and read again. Whatever is
     * asked from then on is answered by it, and nothing that has been said here before.
     *
     * @param row a record with {@link ComposedView}
     * @param json what rows, keys and filters are read with, as when they were written
     * @throws IllegalArgumentException if it is of another view, or cannot be read as what the sources answer with
     * @throws IllegalStateException if the page asks for what is not in it
     */
    public <R> Page<R> replay(Class<R> row, PageRecording recording, JsonMapper json) {
        Plan plan = compositions.plans().stream()
                .filter(one -> one.name().equals(row.getSimpleName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(row.getName() + " is no view here"));
        if (!plan.name().equals(recording.view())) {
            throw new IllegalArgumentException(
                    "the recording is of %s, not of %s".formatted(recording.view(), plan.name()));
        }
        caches.resetCaches();
        Replay replay = answers.replay(recording, json);
        Class<?> filter =
                plan.root().filterType() == null ? Void.class : plan.root().filterType();
        return replay(compositions.view(row, filter), replay, recording);
    }

    @SuppressWarnings("unchecked") // the filter is read as what the view takes
    private <R, F> Page<R> replay(View<R, F> view, Replay replay, PageRecording recording) {
        try {
            return recording.limit() == 0
                    ? view.compose(replay.given(view.plan().root().rowType()))
                    : view.page(
                            (F) replay.filter(view.plan().root().filterType()),
                            Keyset.parse(recording.at()),
                            recording.limit());
        } finally {
            replay.requireWhole();
        }
    }

    // ---- what happened

    /** How often each source was called. */
    public Map<String, Integer> calls() {
        return answers.calls();
    }

    /** What a source was asked, call by call: a list of keys, a root source's {@link Keyset}, or what to find keys by. */
    public List<Object> asked(String source) {
        return answers.askedOf(source);
    }

    /** Begins to count anew. */
    public SimulatedSources forgetCalls() {
        answers.forgetCalls();
        return this;
    }

    /** How much time all pages have taken together. */
    public Duration elapsed() {
        return Duration.ofNanos(caller.nanoTime());
    }
}
