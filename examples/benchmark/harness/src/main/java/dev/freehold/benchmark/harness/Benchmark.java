package dev.freehold.benchmark.harness;

import java.util.List;

/**
 * Measures one scenario: {@code -Dscenario=drain|write|latency-200|latency-600|two-relays}, with {@code -Dquick=true},
 * {@code -Drepetitions=n} and {@code -Dcontestants=a,b}.
 */
public final class Benchmark {

    private Benchmark() {}

    /** Prints a table and writes the scenario's result file. */
    public static void main(String[] args) throws Exception {
        String scenario = System.getProperty("scenario", "drain");
        run(scenario, Settings.fromProperties());
        System.exit(0);
    }

    static Results run(String name, Settings settings) throws Exception {
        Results results = new Results(name);
        try (Servers servers = Servers.start()) {
            System.out.println(servers.versions());
            try (Scenario scenario = scenario(name, settings, servers, results)) {
                scenario.open();
                for (int i = 1; i <= settings.repetitions(); i++) {
                    System.out.println("repetition " + i + " of " + settings.repetitions());
                    scenario.repeat();
                }
            }
        }
        results.print(System.out);
        results.write(settings.results());
        return results;
    }

    private static Scenario scenario(String name, Settings settings, Servers servers, Results results) {
        return switch (name) {
            case "drain" -> new Drain(settings, servers, results);
            case "write" -> new Writing(settings, servers, results);
            case "latency-200" -> new Latency(200, settings, servers, results);
            case "latency-600" -> new Latency(600, settings, servers, results);
            case "two-relays" -> new TwoRelays(settings, servers, results);
            default ->
                throw new IllegalArgumentException("there is no scenario " + name + ", only "
                        + List.of("drain", "write", "latency-200", "latency-600", "two-relays"));
        };
    }
}
