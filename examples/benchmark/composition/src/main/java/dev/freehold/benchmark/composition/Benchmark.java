package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures one scenario: {@code -Dscenario=join|page|silent|outage|limit|cold}, with {@code -Dquick=true}, {@code
 * -Drepetitions=n} and {@code -Dcontestants=a,b}.
 */
public final class Benchmark {

    private final Scenario scenario;
    private final Settings settings;
    private final List<Entrant> entrants;
    private final ServiceHost.Ports ports;
    private final Results results;

    private Benchmark(Scenario scenario, Settings settings, ServiceHost.Ports ports) {
        this.scenario = scenario;
        this.settings = settings;
        this.ports = ports;
        this.entrants = settings.entrants().stream()
                .filter(scenario::admits)
                .filter(Entrant::canRunHere)
                .toList();
        this.results = new Results("composition-" + scenario.label());
    }

    /** Prints a table and writes the scenario's result file. */
    public static void main(String[] args) throws Exception {
        Results results = run(Scenario.of(System.getProperty("scenario", "join")), Settings.fromProperties());
        System.exit(results.failures().isEmpty() ? 0 : 1);
    }

    static Results run(Scenario scenario, Settings settings) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        settings.entrants().stream()
                .filter(entrant -> scenario.admits(entrant) && !entrant.canRunHere())
                .forEach(entrant -> out.println(entrant.label() + " is left out: it needs JDK 21 or later"));
        try (ServiceHost host = ServiceHost.start()) {
            Benchmark benchmark = new Benchmark(scenario, settings, host.ports());
            for (int i = 1; i <= settings.repetitions(); i++) {
                out.println("repetition " + i + " of " + settings.repetitions());
                benchmark.repeat();
            }
            benchmark.results.print(out);
            benchmark.results.write(settings.results());
            return benchmark.results;
        }
    }

    /** All of them once; one that fails does not keep the others from finishing. */
    private void repeat() throws InterruptedException {
        Map<Entrant, List<ContestantJvm.Figure>> measured = new LinkedHashMap<>();
        for (Entrant entrant : entrants) {
            try {
                measured.put(entrant, ContestantJvm.measure(scenario, entrant, settings, ports));
            } catch (IOException e) {
                results.addFailure(entrant, e);
            }
        }
        measured.forEach((entrant, figures) ->
                figures.forEach(figure -> results.add(entrant, figure.metric(), figure.unit(), figure.value())));
        List<ContestantJvm.Figure> yardstick = measured.getOrDefault(Entrant.HAND_WRITTEN, List.of());
        measured.forEach((entrant, figures) -> compare(entrant, figures, yardstick));
    }

    private void compare(Entrant entrant, List<ContestantJvm.Figure> figures, List<ContestantJvm.Figure> yardstick) {
        for (int i = 0; i < yardstick.size(); i++) {
            ContestantJvm.Figure own = figures.get(i);
            if (scenario.compared().contains(own.metric())) {
                results.add(
                        entrant,
                        own.metric() + ", to hand-written",
                        "ratio",
                        own.value() / yardstick.get(i).value());
            }
        }
    }
}
