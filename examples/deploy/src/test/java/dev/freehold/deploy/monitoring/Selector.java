package dev.freehold.deploy.monitoring;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a PromQL expression asks for, such as {@code name{label="value"}}.
 *
 * @param metric the name, empty if there are matchers only
 * @param matchers what labels must be
 */
record Selector(String metric, List<Matcher> matchers) {

    static final String NAME = "__name__";

    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

    Selector {
        matchers = List.copyOf(matchers);
    }

    /** Reads a name and what stands in braces, both of which may be empty. */
    static Selector of(String metric, String braces) {
        return new Selector(
                metric,
                MATCHER.matcher(braces)
                        .results()
                        .map(it -> new Matcher(it.group(1), it.group(2), it.group(3)))
                        .toList());
    }

    /** Whether a series with these labels is meant. */
    boolean selects(Map<String, String> labels) {
        return (metric.isEmpty() || metric.equals(labels.get(NAME)))
                && matchers.stream().allMatch(matcher -> matcher.fits(labels));
    }

    @Override
    public String toString() {
        return metric + matchers;
    }

    /** One condition on a label; unlike for Prometheus, nothing fits if there is no such label. */
    record Matcher(String label, String operator, String value) {

        boolean fits(Map<String, String> labels) {
            String actual = labels.get(label);
            return actual != null
                    && switch (operator) {
                        case "=" -> actual.equals(value);
                        case "!=" -> !actual.equals(value);
                        case "=~" -> actual.matches(value);
                        case "!~" -> !actual.matches(value);
                        default -> throw new IllegalStateException(operator);
                    };
        }
    }
}
