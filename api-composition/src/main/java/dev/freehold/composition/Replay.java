package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** Answers as a recording says: root sources in the order of their answers, others key by key, in whatever batches they are asked. */
final class Replay {

    private final PageRecording recording;
    private final Declarations declared;
    private final JsonMapper json;
    private final Map<String, Map<Object, PageRecording.Answer>> answers = new HashMap<>();
    private final Deque<PageRecording.Roots> roots;
    private @Nullable IllegalStateException missing;

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it does not fit the sources
     */
    Replay(PageRecording recording, Declarations declared, JsonMapper json) {
        this.recording = recording;
        this.declared = declared;
        this.json = json;
        this.roots = new ArrayDeque<>(recording.roots());
        recording.sources().forEach((name, each) -> {
            SourceDefinition source = declared.sources().get(name);
            if (source != null) { // else the view does without it now
                answers.put(name, byKey(source, each));
            }
        });
    }

    private Map<Object, PageRecording.Answer> byKey(SourceDefinition source, List<PageRecording.Answer> each) {
        Map<Object, PageRecording.Answer> byKey = new HashMap<>();
        for (PageRecording.Answer answer : each) {
            byKey.put(read("a key of source '%s'".formatted(source.name()), answer.key(), source.keyType()), answer);
        }
        return byKey;
    }

    /** What the page was asked with. */
    @Nullable
    Object filter(@Nullable Class<?> type) {
        return type == null || recording.filter() == null ? null : read("the filter", recording.filter(), type);
    }

    /** The rows that it was made around. */
    List<Object> given(Class<?> type) {
        List<Object> rows = new ArrayList<>();
        for (PageRecording.Roots each : recording.roots()) {
            each.rows().forEach(row -> rows.add(read("a row", row, type)));
        }
        return rows;
    }

    Reply reply(Question question, Instant asOf, long began, long ended) {
        Object arguments = question.arguments();
        String name = question.source().name();
        if (arguments instanceof KeyList keys) {
            return source(Objects.requireNonNull(declared.sources().get(name)), keys, asOf, began, ended);
        }
        return arguments instanceof RootDefinition.Ask ask
                ? root(Objects.requireNonNull(declared.roots().get(name)), ask, asOf, began, ended)
                : keys(name, ((KeyFinder.Match) arguments).value(), asOf, began, ended);
    }

    private Reply root(RootDefinition root, RootDefinition.Ask ask, Instant asOf, long began, long ended) {
        PageRecording.Roots next = roots.poll();
        if (next == null || !next.at().equals(ask.at().toString())) {
            throw unknown("root source '%s' is asked for rows behind '%s', %s"
                    .formatted(
                            root.name(),
                            ask.at(),
                            next == null
                                    ? "and the recording has no more of its answers"
                                    : "but was asked for those behind '%s'".formatted(next.at())));
        }
        List<Object> rows = new ArrayList<>();
        next.rows().forEach(row -> rows.add(read("a row of source '%s'".formatted(root.name()), row, root.rowType())));
        return reply(
                root.slices() ? new Slice<>(rows, next.more()) : rows,
                next.failure() == null ? null : next.failure().of(root.name()),
                asOf,
                began,
                ended,
                next.stale());
    }

    private Reply keys(String source, Object match, Instant asOf, long began, long ended) {
        for (PageRecording.Keys each : recording.keys()) {
            Class<?> type = match.getClass();
            if (each.source().equals(source) && match.equals(readIfSo(each.match(), type))) {
                Class<?> keyType =
                        Objects.requireNonNull(declared.sources().get(source)).keyType();
                List<Object> keys = new ArrayList<>();
                each.keys().forEach(key -> keys.add(read("a key of source '%s'".formatted(source), key, keyType)));
                return reply(
                        keys,
                        each.failure() == null ? null : each.failure().of(source),
                        asOf,
                        began,
                        ended,
                        each.stale());
            }
        }
        throw unknown("the recording does not know which keys of source '%s' match %s".formatted(source, match));
    }

    private static Reply reply(
            Object answer, @Nullable Failure failure, Instant asOf, long began, long ended, boolean stale) {
        return new Reply(failure == null ? answer : null, failure, asOf, began, ended, false, stale);
    }

    /** Whether the page failed before the source had answered. */
    boolean hangs(Question question) {
        return question.arguments() instanceof KeyList keys
                && keys.stream()
                        .anyMatch(key -> answer(question.source().name(), key).isOpen());
    }

    private PageRecording.Answer answer(String source, Object key) {
        PageRecording.Answer answer = answers.getOrDefault(source, Map.of()).get(key);
        if (answer == null) {
            throw unknown("the recording does not know what source '%s' has for key %s".formatted(source, key));
        }
        return answer;
    }

    private IllegalStateException unknown(String what) {
        IllegalStateException unknown = new IllegalStateException(what + ": record the page again");
        missing = missing == null ? unknown : missing;
        return unknown;
    }

    /** Fails if anything was asked for that is not recorded, which may look like the failure of a source. */
    void requireWhole() {
        if (missing != null) {
            throw missing;
        }
    }

    private Reply source(SourceDefinition source, KeyList keys, Instant asOf, long began, long ended) {
        List<Object> all = new ArrayList<>();
        Map<Object, Object> byKey = new LinkedHashMap<>();
        Map<Object, Outcome> outcomes = new HashMap<>();
        Failure failed = null;
        for (Object key : keys) {
            PageRecording.Answer answer = answer(source.name(), key);
            List<Object> rows = new ArrayList<>();
            answer.rows().forEach(row -> rows.add(read(source, row)));
            all.addAll(rows);
            if (!rows.isEmpty()) {
                byKey.put(key, source.grouped() ? rows : rows.get(0));
            }
            failed = answer.failure() == null ? failed : answer.failure().of(source.name());
            outcomes.put(key, outcome(source, answer));
        }
        boolean alike = keys.stream()
                        .map(key -> answer(source.name(), key).failure())
                        .distinct()
                        .count()
                == 1;
        if (failed != null && alike) { // then the call has failed, which a page may not survive
            return new Reply(null, failed, asOf, began, ended);
        }
        Object answer = switch (source.answers()) {
            case ROWS -> all;
            case MAP -> byKey;
            case SINGLE -> source.grouped() ? all : all.isEmpty() ? null : all.get(0);
        };
        return new Reply(answer, null, asOf, began, ended, false, false, outcomes);
    }

    private static Outcome outcome(SourceDefinition source, PageRecording.Answer answer) {
        if (answer.failure() != null) {
            return Outcome.failed(answer.failure().of(source.name()));
        }
        return Outcome.recalled(Objects.requireNonNull(answer.asOf()), answer.stale());
    }

    /** Null if it is of another type: then it was another search. */
    private @Nullable Object readIfSo(Object match, Class<?> type) {
        try {
            return read("what to match", match, type);
        } catch (IllegalArgumentException another) {
            return null;
        }
    }

    private Object read(SourceDefinition source, Object row) {
        return read("a row of source '%s'".formatted(source.name()), row, source.rowType());
    }

    private Object read(String what, Object value, Class<?> type) {
        return read(what, value, ResolvableType.forClass(type));
    }

    private Object read(String what, Object value, ResolvableType type) {
        try {
            return Objects.requireNonNull(json.convertValue(value, javaType(type)));
        } catch (JacksonException | NullPointerException unreadable) {
            throw new IllegalArgumentException(
                    "%s cannot be read as %s from the recording; give the mapper that it was written with: %s"
                            .formatted(what, PropertyPath.name(type), unreadable.getMessage()),
                    unreadable);
        }
    }

    private JavaType javaType(ResolvableType type) {
        JavaType[] parameters =
                Arrays.stream(type.getGenerics()).map(this::javaType).toArray(JavaType[]::new);
        Class<?> raw = PropertyPath.raw(type);
        return parameters.length == 0
                ? json.getTypeFactory().constructType(raw)
                : json.getTypeFactory().constructParametricType(raw, parameters);
    }
}
