package dev.freehold.composition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a page was made: EXPLAIN ANALYZE.
 *
 * @param view its name
 * @param rows how many rows it has
 * @param budget how long it could take
 * @param used how long it took
 * @param overhead the part of that which is not the sources' on the critical path: joining, waiting for permits and threads
 * @param complete whether every source answered
 * @param root the root source; null if the roots were there
 * @param steps the components, each after the one that its keys come from
 * @param criticalPath the components that the page had to wait for (its last part, if roots were asked for more than once)
 */
public record Analysis(
        String view,
        int rows,
        Duration budget,
        Duration used,
        Duration overhead,
        boolean complete,
        @Nullable RootLine root,
        List<Line> steps,
        List<String> criticalPath) {

    /**
     * The root source.
     *
     * @param source its name
     * @param rows how many rows it gave; more than the page has if an inner join left some out
     * @param calls how often it was asked: once, and again if an inner join left so many out that the page was not full
     * @param time how long that took
     */
    public record RootLine(String source, int rows, int calls, Duration time) {}

    /**
     * A component.
     *
     * @param component its name
     * @param source its source
     * @param keys how many keys the rows have, with repetitions
     * @param cached how many distinct keys of these the source's cache knew
     * @param asked how many distinct keys of these had to be asked, and had not been before in the page
     * @param calls how many calls had any of those
     * @param time from when the first of these calls began to when the last one ended
     * @param failures how many of these calls failed, by cause
     * @param unknown how many rows the source gave for keys that nobody had asked for
     */
    public record Line(
            String component,
            String source,
            int keys,
            int cached,
            int asked,
            int calls,
            Duration time,
            Map<Cause, Integer> failures,
            int unknown) {

        private String text() {
            String failed = failures.isEmpty()
                    ? ""
                    : "  UNAVAILABLE "
                            + failures.entrySet().stream()
                                    .map(entry -> entry.getKey()
                                            + (entry.getValue() == 1 ? "" : " " + entry.getValue() + "x"))
                                    .collect(Collectors.joining(", "));
            String stray = unknown == 0 ? "" : "  %d rows that were not asked for".formatted(unknown);
            return "%d keys  %s%d asked  %d calls  %s%s%s"
                    .formatted(
                            keys,
                            cached == 0 ? "" : cached + " cached  ",
                            asked,
                            calls,
                            Durations.text(time),
                            failed,
                            stray);
        }
    }

    /** For people, a line for each component. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("EXPLAIN ANALYZE %s  budget %s, used %s  %d calls%s\n"
                .formatted(
                        view, Durations.text(budget), Durations.text(used), calls(), complete ? "" : "  INCOMPLETE"));
        int width = Math.max(
                view.length(),
                steps.stream().mapToInt(step -> step.component().length()).max().orElse(0));
        if (root != null) {
            text.append("  %s  %s  %d rows  %d calls  %s\n"
                    .formatted(
                            pad("(root)", width),
                            root.source(),
                            root.rows(),
                            root.calls(),
                            Durations.text(root.time())));
        }
        for (Line step : steps) {
            text.append("  %s  %s  %s\n".formatted(pad(step.component(), width), step.source(), step.text()));
        }
        return text.append("  critical path: %s; overhead %s"
                        .formatted(String.join(" -> ", criticalPath), Durations.text(overhead)))
                .toString();
    }

    private int calls() {
        return (root == null ? 0 : root.calls())
                + steps.stream().mapToInt(Line::calls).sum();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
