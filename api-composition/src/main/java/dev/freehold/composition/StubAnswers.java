package dev.freehold.composition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What stubbed sources answer, how long they take, and what they were asked. */
final class StubAnswers {

    private final Map<String, SourceDefinition> sources;
    private final Map<String, RootDefinition> roots;
    private final Map<String, Map<Object, List<Object>>> rows = new HashMap<>();
    private final Map<String, List<Object>> rootRows = new HashMap<>();
    private final Map<String, Map<Object, List<Object>>> keys = new HashMap<>();
    private final Map<String, BiPredicate<Object, Object>> filters = new HashMap<>();
    private final Map<String, Function<String, Failure>> failures = new HashMap<>();
    private final Map<String, Duration> latencies = new HashMap<>();
    private final Set<String> hanging = new HashSet<>();
    private final Set<String> behind = new HashSet<>();
    private final Map<String, List<Object>> asked = new TreeMap<>();
    private final Declarations declared;
    private @Nullable Replay replay;

    StubAnswers(Declarations declared) {
        this.declared = declared;
        this.sources = declared.sources();
        this.roots = declared.roots();
    }

    // ---- what there is

    void add(String source, List<Object> added) {
        if (roots.containsKey(source)) {
            rootRows.computeIfAbsent(source, any -> new ArrayList<>()).addAll(added);
            return;
        }
        Function<Object, @Nullable Object> key = source(source).rowKey();
        if (key == null) {
            throw new IllegalArgumentException(
                    "the rows of source '%s' do not tell their keys: say for which key they are, with rowsFor"
                            .formatted(source));
        }
        for (Object row : added) {
            addFor(source, Objects.requireNonNull(key.apply(row), "a row's key is null: " + row), List.of(row));
        }
    }

    void addFor(String source, Object key, List<Object> added) {
        if (key.getClass() != source(source).keyType()) {
            throw new IllegalArgumentException("source '%s' has keys of %s, not of %s"
                    .formatted(
                            source,
                            source(source).keyType().getSimpleName(),
                            key.getClass().getSimpleName()));
        }
        rows.computeIfAbsent(source, any -> new LinkedHashMap<>())
                .computeIfAbsent(key, any -> new ArrayList<>())
                .addAll(added);
    }

    void keys(String source, Object match, List<Object> found) {
        source(source);
        keys.computeIfAbsent(source, any -> new HashMap<>()).put(match, List.copyOf(found));
    }

    void filter(String root, BiPredicate<Object, Object> accepts) {
        if (!roots.containsKey(root)) {
            throw new IllegalArgumentException(
                    "'%s' is no root source here. %s".formatted(root, Problems.choose(root, roots.keySet())));
        }
        filters.put(root, accepts);
    }

    void fail(String source, Function<String, Failure> failure) {
        failures.put(known(source), failure);
    }

    void hang(String source) {
        hanging.add(known(source));
    }

    void fallBehind(String source) {
        behind.add(known(source));
    }

    void heal(String source) {
        failures.remove(known(source));
        hanging.remove(source);
        behind.remove(source);
    }

    void latency(String source, Duration latency) {
        if (latency.isNegative()) {
            throw new IllegalArgumentException("latency must not be negative, was " + latency);
        }
        latencies.put(known(source), latency);
    }

    private SourceDefinition source(String name) {
        SourceDefinition source = sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException(
                    "'%s' is no source here. %s".formatted(name, Problems.choose(name, sources.keySet())));
        }
        return source;
    }

    private String known(String name) {
        return roots.containsKey(name) ? name : source(name).name();
    }

    /** From now on it answers as a recording says, whatever it has been told before. */
    Replay replay(PageRecording recording, JsonMapper json) {
        Replay next = new Replay(recording, declared, json);
        replay = next;
        return next;
    }

    // ---- what is asked

    /** Null: it never answers. */
    @Nullable
    Duration latency(Question question) {
        String source = question.source().name();
        if (replay != null) {
            return replay.hangs(question) ? null : Duration.ZERO;
        }
        return hanging.contains(source) ? null : latencies.getOrDefault(source, Duration.ZERO);
    }

    /** What each source was asked, call by call: keys, the place where a page begins, or what to find keys by. */
    List<Object> askedOf(String source) {
        return List.copyOf(asked.getOrDefault(known(source), List.of()));
    }

    Map<String, Integer> calls() {
        Map<String, Integer> calls = new TreeMap<>();
        asked.forEach((source, each) -> calls.put(source, each.size()));
        return calls;
    }

    void forgetCalls() {
        asked.clear();
    }

    void asked(Question question) {
        Object arguments = question.arguments();
        Object told = arguments instanceof KeyList list
                ? List.copyOf(list)
                : arguments instanceof RootDefinition.Ask ask ? ask.at() : ((KeyFinder.Match) arguments).value();
        asked.computeIfAbsent(question.source().name(), any -> new ArrayList<>())
                .add(told);
    }

    Reply reply(Question question, Instant asOf, long began, long ended) {
        asked(question);
        if (replay != null) {
            return replay.reply(question, asOf, began, ended);
        }
        Function<String, Failure> failure = failures.get(question.source().name());
        return failure == null
                ? new Reply(found(question), null, asOf, began, ended, false, isBehind(question))
                : new Reply(null, failure.apply(question.source().name()), asOf, began, ended);
    }

    private boolean isBehind(Question question) {
        return question.token() != null && behind.contains(question.source().name());
    }

    private @Nullable Object found(Question question) {
        Object arguments = question.arguments();
        String source = question.source().name();
        if (arguments instanceof KeyList wanted) {
            return rows(source(source), wanted);
        }
        return arguments instanceof RootDefinition.Ask ask
                ? roots(Objects.requireNonNull(roots.get(source)), ask)
                : keys.getOrDefault(source, Map.of()).getOrDefault(((KeyFinder.Match) arguments).value(), List.of());
    }

    private @Nullable Object rows(SourceDefinition source, KeyList wanted) {
        Map<Object, List<Object>> known = rows.getOrDefault(source.name(), Map.of());
        if (source.answers() == SourceDefinition.Answers.SINGLE) {
            return of(source, known.get(wanted.get(0)));
        }
        List<Object> all = new ArrayList<>();
        Map<Object, Object> byKey = new LinkedHashMap<>();
        for (Object key : wanted) {
            List<Object> ofKey = known.getOrDefault(key, List.of());
            all.addAll(ofKey.subList(0, Math.min(ofKey.size(), wanted.rowsOfEach())));
            Object one = of(source, known.get(key));
            if (one != null) {
                byKey.put(key, one);
            }
        }
        return source.answers() == SourceDefinition.Answers.MAP ? byKey : all;
    }

    private static @Nullable Object of(SourceDefinition source, @Nullable List<Object> found) {
        if (source.grouped()) {
            return found == null ? List.of() : found;
        }
        return found == null || found.isEmpty() ? null : found.get(0);
    }

    private Object roots(RootDefinition root, RootDefinition.Ask ask) {
        BiPredicate<Object, Object> filter = filters.getOrDefault(root.name(), (any, row) -> true);
        List<Object> behind = rootRows.getOrDefault(root.name(), List.of()).stream()
                .filter(row -> ask.filter() == null || filter.test(ask.filter(), row))
                .filter(row -> root.isAmong(ask.keys(), row))
                .sorted(root.order())
                .filter(row -> ask.at().isStart() || root.isBehind(ask.at(), row))
                .toList();
        List<Object> page = behind.subList(0, Math.min(behind.size(), ask.limit()));
        return root.slices() ? new Slice<>(page, behind.size() > page.size()) : page;
    }
}
