package dev.freehold.deploy.monitoring;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A PromQL expression, or a query of a dashboard's variable, as far as it names metrics and labels. */
record Expression(String text) {

    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*(\\w+)\\)");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w:.])(?:([a-zA-Z_:][\\w:]*+)(?!\\s*\\()\\s*(\\{[^}]*\\})?|(\\{[^}]*\\}))");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** Everything that is asked for. */
    List<Selector> selectors() {
        String rest = LABEL_VALUES.matcher(text).replaceAll("$1");
        rest = GROUPING.matcher(rest).replaceAll("").replaceAll("\\[[^\\]]*\\]", "");
        return SELECTOR.matcher(withoutVariables(rest))
                .results()
                .filter(it -> it.group(1) == null || !OPERATORS.contains(it.group(1)))
                .map(it -> Selector.of(orEmpty(it.group(1)), orEmpty(it.group(2)) + orEmpty(it.group(3))))
                .toList();
    }

    /** Labels that the result is grouped by, or that a variable takes its values from. */
    Set<String> labels() {
        Set<String> labels = new LinkedHashSet<>();
        GROUPING.matcher(text)
                .results()
                .flatMap(it -> Stream.of(it.group(1).split(",", -1)))
                .forEach(labels::add);
        LABEL_VALUES.matcher(text).results().map(it -> it.group(2)).forEach(labels::add);
        return new LinkedHashSet<>(labels.stream().map(String::strip).toList());
    }

    /** As Prometheus gets it if everything is chosen. */
    String plain() {
        return withoutVariables(text.replace("$__rate_interval", "5m"));
    }

    private static String withoutVariables(String expression) {
        return expression.replaceAll("\\$\\w+", ".*");
    }

    private static String orEmpty(String group) {
        return Objects.requireNonNullElse(group, "");
    }
}
