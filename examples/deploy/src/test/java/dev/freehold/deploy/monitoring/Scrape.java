package dev.freehold.deploy.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a service tells Prometheus. */
record Scrape(List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(\\{.*\\})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:\\\\.|[^\"\\\\])*)\"");

    Scrape {
        samples = List.copyOf(samples);
    }

    /** Reads the text format. */
    static Scrape of(String text) {
        return new Scrape(SAMPLE.matcher(text).results().map(Sample::of).toList());
    }

    /** What an expression names in vain: selectors that select nothing, and labels that what they select lacks. */
    List<String> unknown(Expression expression) {
        List<String> unknown = new ArrayList<>();
        for (Selector selector : expression.selectors()) {
            List<Sample> selected = select(selector);
            if (selected.isEmpty()) {
                unknown.add(selector.toString());
            }
            expression.labels().stream()
                    .filter(label ->
                            selected.stream().noneMatch(it -> it.labels().containsKey(label)))
                    .forEach(label -> unknown.add(label + " of " + selector));
        }
        return unknown;
    }

    List<Sample> select(Selector selector) {
        return samples.stream().filter(it -> selector.selects(it.labels())).toList();
    }

    /** The sum of what is selected; zero if nothing is. */
    double sum(String metric, String braces) {
        return select(Selector.of(metric, braces)).stream()
                .mapToDouble(Sample::value)
                .sum();
    }

    /** Names of labels that any of our metrics has. */
    Set<String> labels() {
        return samples.stream()
                .filter(it -> it.labels().getOrDefault(Selector.NAME, "").startsWith("freehold_"))
                .flatMap(it -> it.labels().keySet().stream())
                .collect(Collectors.toSet());
    }

    /** One line; the metric's name is a label, too. */
    record Sample(Map<String, String> labels, double value) {

        Sample {
            labels = Map.copyOf(labels);
        }

        static Sample of(MatchResult line) {
            Map<String, String> labels = new HashMap<>(Map.of(Selector.NAME, line.group(1)));
            if (line.group(2) != null) {
                LABEL.matcher(line.group(2)).results().forEach(it -> labels.put(it.group(1), it.group(2)));
            }
            return new Sample(labels, value(line.group(3)));
        }

        private static double value(String text) {
            return Double.parseDouble(text.replace("Inf", "Infinity"));
        }
    }
}
