package dev.freehold.composition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes down what the sources say to one page. */
final class Tape {

    private final String view;
    private final List<PageRecording.Roots> roots = new ArrayList<>(1);
    private final List<PageRecording.Keys> keys = new ArrayList<>(0);
    private @Nullable Object filter;
    private Keyset at = Keyset.start();
    private int limit;

    Tape(String view) {
        this.view = view;
    }

    /** What is asked for. */
    void page(@Nullable Object by, Keyset begin, int rows) {
        filter = by;
        at = begin;
        limit = rows;
    }

    /** The rows were there. */
    void given(Object[] rows) {
        roots.add(new PageRecording.Roots("", List.of(rows), false, false, null));
    }

    void roots(Keyset begin, Reply reply) {
        Object answer = reply.answer();
        roots.add(new PageRecording.Roots(
                begin.toString(),
                answer instanceof Slice<?> slice ? slice.rows() : listed(answer),
                answer instanceof Slice<?> slice && slice.more(),
                reply.missed(),
                failed(reply)));
    }

    /** Null in place of an answer is a failure, too. */
    private static PageRecording.@Nullable Failed failed(Reply reply) {
        return reply.failure() == null && reply.answer() == null
                ? new PageRecording.Failed(Cause.UNREADABLE, "it answered with null", null)
                : PageRecording.Failed.of(reply.failure());
    }

    void keys(String source, Object match, Reply reply) {
        List<Object> found = new ArrayList<>(listed(reply.answer()));
        found.removeIf(key -> key == null); // as the search does
        keys.add(new PageRecording.Keys(source, match, found, reply.missed(), failed(reply)));
    }

    private static List<?> listed(@Nullable Object answer) {
        return answer instanceof Collection<?> several ? new ArrayList<>(several) : List.of();
    }

    /** What has been said so far. */
    PageRecording recorded(SourceRun @Nullable [] sources) {
        Map<String, List<PageRecording.Answer>> said = new LinkedHashMap<>();
        if (sources != null) {
            Arrays.stream(sources).forEach(source -> said.put(source.source().name(), answers(source)));
        }
        return new PageRecording(view, filter, at.toString(), limit, List.copyOf(roots), List.copyOf(keys), said);
    }

    private static List<PageRecording.Answer> answers(SourceRun source) {
        List<PageRecording.Answer> answers = new ArrayList<>(source.keys().size());
        for (int slot = 0; slot < source.keys().size(); slot++) {
            Object key = source.keys().key(slot);
            answers.add(
                    source.isAnswered(slot)
                            ? answer(source, slot, key)
                            : new PageRecording.Answer(key, List.of(), null, false, null));
        }
        return answers;
    }

    private static PageRecording.Answer answer(SourceRun source, int slot, Object key) {
        Outcome outcome = source.outcome(slot);
        Object row = outcome.failure() == null ? source.row(slot) : null;
        return new PageRecording.Answer(
                key,
                row == null ? List.of() : source.source().grouped() ? List.copyOf((List<?>) row) : List.of(row),
                outcome.failure() == null ? outcome.asOf() : null,
                outcome.isStale(),
                PageRecording.Failed.of(outcome.failure()));
    }
}
