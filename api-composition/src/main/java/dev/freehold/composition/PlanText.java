package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plans for people. */
final class PlanText {

    private PlanText() {}

    static String text(Plan plan) {
        List<Plan.Line> lines = plan.lines();
        int component = width(lines, Plan.Line::component);
        int source = width(lines, PlanText::source);
        int keys = width(lines, line -> line.kind() == Plan.Kind.ROOT ? order(plan) : line.keys());
        String head = "EXPLAIN %s  budget %s  %s"
                .formatted(
                        plan.name(),
                        Durations.text(plan.budget()),
                        plan.stages() == 1 ? "1 call" : plan.stages() + " calls one after the other");
        return lines.stream()
                .map(line -> "  %s  %s  %s  %s  %s"
                        .formatted(
                                pad(line.component(), component),
                                pad(line.kind().name().toLowerCase(Locale.ROOT), 4),
                                pad(source(line), source),
                                pad(line.kind() == Plan.Kind.ROOT ? order(plan) : line.keys(), keys),
                                line.kind() == Plan.Kind.ROOT ? filters(plan) : remarks(line))
                        .stripTrailing())
                .collect(Collectors.joining("\n", head + "\n", ""));
    }

    private static String source(Plan.Line line) {
        return line.source().isEmpty() ? "given" : line.source();
    }

    private static String order(Plan plan) {
        return plan.sort().isEmpty() ? "" : "by " + String.join(", ", plan.sort());
    }

    private static String filters(Plan plan) {
        List<String> filters = new ArrayList<>(plan.filters());
        filters.addAll(plan.semiJoins());
        String text = filters.isEmpty() ? "" : "filters " + String.join(", ", filters);
        String heeds = plan.root().target().heedsToken() ? "heeds tokens" : "";
        return text.isEmpty() || heeds.isEmpty() ? text + heeds : text + ", " + heeds;
    }

    private static String remarks(Plan.Line line) {
        String batch = line.maxBatch() == 1 ? "a call a key" : line.maxBatch() + " keys a call";
        String join = line.join() == Join.INNER ? ", rows without are left out" : "";
        String cache = line.cache() == null ? "" : ", cache " + line.cache();
        String limit = line.limit() == 0 ? "" : ", %d rows of each".formatted(line.limit());
        String heeds = line.heedsToken() ? ", heeds tokens" : "";
        return batch + cache + limit + heeds + (line.required() ? ", required" : "") + join;
    }

    static String mermaid(Plan plan) {
        StringBuilder picture = new StringBuilder("flowchart LR\n");
        for (Plan.Line line : plan.lines()) {
            picture.append("  %s[\"%s<br/><i>%s</i>\"]\n".formatted(line.component(), line.component(), source(line)));
        }
        for (Plan.Line line : plan.lines()) {
            if (line.from() != null) {
                picture.append("  %s %s|\"%s\"| %s\n"
                        .formatted(line.from(), line.required() ? "-->" : "-.->", line.keys(), line.component()));
            }
        }
        return picture.toString();
    }

    private static int width(List<Plan.Line> lines, Function<Plan.Line, String> column) {
        return lines.stream()
                .mapToInt(line -> column.apply(line).length())
                .max()
                .orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
