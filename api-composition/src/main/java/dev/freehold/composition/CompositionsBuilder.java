package dev.freehold.composition;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.CacheManager;
import org.springframework.util.Assert;

/** Puts {@link Compositions} together; everything that is wrong with the declarations is told at once, by {@link #build}. */
public final class CompositionsBuilder {

    private final List<Object> declaring = new ArrayList<>();
    private final Set<ViewDeclaration> views = new LinkedHashSet<>();
    private final Map<String, Integer> concurrency = new HashMap<>();
    private Duration budget = Duration.ofSeconds(1);
    private int atOnce = 256;
    private int maxInFlight = 16;
    private int defaultConcurrency = 8;
    private final List<CallPolicies> policies = new ArrayList<>();
    private final List<PageListener> listeners = new ArrayList<>();
    private @Nullable CallScope scope;
    private @Nullable CacheManager caches;
    private Clock clock = Clock.systemUTC();
    private @Nullable Function<Declarations, Caller> caller;

    CompositionsBuilder() {}

    /** Adds beans whose methods with {@link Source}, {@link RootSource} or {@link KeySource} are sources, or specs of sources. */
    public CompositionsBuilder sources(Object... added) {
        for (Object one : added) {
            Assert.notNull(one, "source must not be null");
            declaring.add(one);
        }
        return this;
    }

    /** Adds a source without a bean. */
    public CompositionsBuilder source(SourceSpec added) {
        return sources(added);
    }

    /** Adds a root source without a bean. */
    public CompositionsBuilder rootSource(RootSourceSpec added) {
        return sources(added);
    }

    /** Adds what finds keys of a source, without a bean. */
    public CompositionsBuilder keySource(KeySourceSpec added) {
        return sources(added);
    }

    /** Adds records with {@link ComposedView}. */
    public CompositionsBuilder views(Class<?>... added) {
        List.of(added).forEach(view -> views.add(ViewDeclaration.annotated(view)));
        return this;
    }

    /** Adds a view whose record has no annotations; it is found by its record, as others are. */
    public CompositionsBuilder view(ViewSpec added) {
        Assert.notNull(added, "view must not be null");
        views.add(added.declaration());
        return this;
    }

    /** How long a page may take unless its view says otherwise, 1 ms to 10 minutes; a second, if not set. */
    public CompositionsBuilder budget(Duration duration) {
        budget = Budget.checked(duration);
        return this;
    }

    /** How many calls of a source may be in flight at once in this process, 1 to 10,000; 8, if not set. */
    public CompositionsBuilder concurrency(int calls) {
        defaultConcurrency = between1And10000("concurrency", calls);
        return this;
    }

    /** The same for one source. */
    public CompositionsBuilder concurrency(String source, int calls) {
        concurrency.put(source, between1And10000("concurrency of " + source, calls));
        return this;
    }

    /** How many calls of a page may be in flight at once, 1 to 10,000; 16, if not set. */
    public CompositionsBuilder concurrencyOfPage(int calls) {
        maxInFlight = between1And10000("concurrencyOfPage", calls);
        return this;
    }

    /** How many calls may be in flight in this process, 1 to 10,000; 256, if not set. */
    public CompositionsBuilder concurrencyOfProcess(int calls) {
        atOnce = between1And10000("concurrencyOfProcess", calls);
        return this;
    }

    /** What surrounds the calls of sources; what is added first is outside. */
    public CompositionsBuilder policies(CallPolicies added) {
        policies.add(added);
        return this;
    }

    /**
     * Lets pages share calls that are in flight, and cached answers. If not set, that is so with sources only that are
     * {@linkplain Source#forEverybody for everybody}.
     */
    public CompositionsBuilder scope(CallScope scopeOfPages) {
        scope = scopeOfPages;
        return this;
    }

    /** Where sources with {@link Source#cache} find their caches. */
    public CompositionsBuilder caches(CacheManager manager) {
        caches = manager;
        return this;
    }

    /** Is told of every page, on the thread that asked for it; what it throws reaches whoever did. */
    public CompositionsBuilder pageListener(PageListener added) {
        listeners.add(added);
        return this;
    }

    /** Tells when something was asked for. */
    public CompositionsBuilder clock(Clock timeOfDay) {
        clock = timeOfDay;
        return this;
    }

    /** In place of threads and sources. */
    CompositionsBuilder caller(Function<Declarations, Caller> simulated) {
        caller = simulated;
        return this;
    }

    /**
     * Reads and checks all declarations.
     *
     * @throws InvalidDeclarationException if any cannot work, with all that is wrong
     */
    public Compositions build() {
        Problems problems = new Problems();
        Declarations declared = new Declarations(new CacheReader.Surroundings(caches, scope != null), problems);
        declaring.forEach(declared::read);
        declared.requireKnown(concurrency.keySet());
        Map<String, Integer> own = Map.copyOf(concurrency);
        int usual = defaultConcurrency;
        Plan.Limits limits = new Plan.Limits(maxInFlight, name -> own.getOrDefault(name, usual));
        Plan.Settings settings = new Plan.Settings(budget, limits);
        Map<Class<?>, Plan> plans = plans(new ViewReader.Surroundings(declared, settings), problems);
        problems.throwIfAny();
        Caller calls = caller == null ? new Calls(atOnce, limits.ofSource(), policy(), clock) : caller.apply(declared);
        CallScope whose = scope == null ? () -> null : scope;
        return new DefaultCompositions(
                plans, declared.sources(), declared.names(), settings, calls, whose, List.copyOf(listeners));
    }

    private Map<Class<?>, Plan> plans(ViewReader.Surroundings surroundings, Problems problems) {
        Map<Class<?>, Plan> plans = new LinkedHashMap<>();
        Map<String, Class<?>> names = new HashMap<>();
        for (ViewDeclaration view : views) {
            Class<?> other = names.put(view.type().getSimpleName(), view.type());
            if (other != null) {
                requireOther(view.type(), other, problems);
            }
            Plan plan = new ViewReader(view, surroundings, problems).read();
            if (plan != null) {
                plans.put(view.type(), plan);
            }
        }
        return plans;
    }

    private static void requireOther(Class<?> view, Class<?> other, Problems problems) {
        if (view == other) {
            problems.add(
                    view.getSimpleName(),
                    "is declared more than once.",
                    "Leave one out: a view is found by its record.");
        } else {
            problems.add(
                    view.getName(),
                    "has the name of %s.".formatted(other.getName()),
                    "Give it another name: views are told apart by it, in plans and in metrics.");
        }
    }

    private CallPolicies policy() {
        List<CallPolicies> all = List.copyOf(policies);
        return source -> PolicyChain.of(all, source);
    }

    private static int between1And10000(String name, int value) {
        if (value < 1 || value > 10_000) {
            throw new IllegalArgumentException("%s must be between 1 and 10000, was %d".formatted(name, value));
        }
        return value;
    }
}
