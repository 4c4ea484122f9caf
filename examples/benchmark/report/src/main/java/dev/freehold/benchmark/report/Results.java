package dev.freehold.benchmark.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a scenario: one value a repetition, reported as minimum, median and maximum. */
public final class Results {

    private final String scenario;
    private final Map<Line, List<Double>> values = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Begins without figures.
     *
     * @param scenario name of the table and of the file
     */
    public Results(String scenario) {
        this.scenario = scenario;
    }

    /** Adds the value of a repetition. */
    public void add(Labelled entrant, String metric, String unit, double value) {
        values.computeIfAbsent(new Line(entrant.label(), metric, unit), line -> new ArrayList<>())
                .add(value);
    }

    /** Notes that an entrant could not be measured. */
    public void addFailure(Labelled entrant, Exception failure) {
        failures.add(entrant.label() + ": " + failure);
    }

    /** What went wrong, in words; empty when nothing did. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The values so far, in the order of the repetitions. */
    public List<Double> values(Labelled entrant, String metric) {
        return values.entrySet().stream()
                .filter(each -> each.getKey().contestant().equals(entrant.label()))
                .filter(each -> each.getKey().metric().equals(metric))
                .flatMap(each -> each.getValue().stream())
                .toList();
    }

    /** Prints a table, then what went wrong. */
    public void print(PrintStream out) {
        out.println("| scenario | contestant | metric | unit | min | median | max | n |");
        out.println("|---|---|---|---|--:|--:|--:|--:|");
        values.forEach((line, figures) -> {
            Spread spread = Spread.of(figures);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %s | %d |%n",
                    scenario,
                    line.contestant(),
                    line.metric(),
                    line.unit(),
                    number(spread.min()),
                    number(spread.median()),
                    number(spread.max()),
                    figures.size());
        });
        failures.forEach(failure -> out.println("FAILED " + failure));
    }

    /** Writes one JSON object a line. */
    public void write(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        values.forEach((line, figures) -> lines.add(json(line, figures)));
        Files.write(Files.createDirectories(directory).resolve(scenario + ".jsonl"), lines);
    }

    private String json(Line line, List<Double> figures) {
        Spread spread = Spread.of(figures);
        return String.format(
                Locale.ROOT,
                "{\"scenario\":\"%s\",\"contestant\":\"%s\",\"metric\":\"%s\",\"unit\":\"%s\","
                        + "\"min\":%s,\"median\":%s,\"max\":%s,\"n\":%d}",
                scenario,
                line.contestant(),
                line.metric(),
                line.unit(),
                number(spread.min()),
                number(spread.median()),
                number(spread.max()),
                figures.size());
    }

    /** Three digits after the point for small figures, none for large ones. */
    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value)
                .replaceFirst("\\.0+$", "");
    }

    private record Line(String contestant, String metric, String unit) {}

    private record Spread(double min, double median, double max) {

        static Spread of(List<Double> figures) {
            List<Double> sorted = figures.stream().sorted().toList();
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
        }
    }
}
