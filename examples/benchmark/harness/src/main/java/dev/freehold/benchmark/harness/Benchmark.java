package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Results;
import java.util.List;

/**
 * Measures one scenario: {@code -Dscenario=drain|drain-long|write|latency-200|latency-600|two-relays|held-snapshot|open-transaction|take-over|poisoned|inbox}, with {@code
 * -Dquick=true}, {@code -Drepetitions=n}, {@code -Dcontestants=a,b} and {@code -Dseconds=n}.
 */
public final class Benchmark {

    private Benchmark() {}

    /** Prints a table and writes the scenario's result file. */
    public static void main(String[] args) throws Exception {
        String scenario = System.getProperty("scenario", "drain");
        boolean failed;
        try (Servers servers = Servers.start()) {
            System.out.println(servers.versions());
            failed = !run(scenario, Settings.fromProperties(), servers)
                    .failures()
                    .isEmpty();
        }
        System.exit(failed ? 1 : 0);
    }

    static Results run(String name, Settings settings, Servers servers) throws Exception {
        Results results = new Results(name);
        try (Scenario scenario = scenario(name, settings, servers, results)) {
            for (int i = 1; i <= settings.repetitions(); i++) {
                System.out.println("repetition " + i + " of " + settings.repetitions());
                scenario.repeat();
            }
        }
        results.print(System.out);
        results.write(settings.results());
        return results;
    }

    private static Scenario scenario(String name, Settings settings, Servers servers, Results results)
            throws Exception {
        List<Entrant> entrants = settings.entrants();
        return switch (name) {
            case "drain" ->
                new OneByOne(entrants, Entrant::hasOutbox, new Drain(settings, servers, results, 1), results);
            case "drain-long" ->
                new OneByOne(entrants, Entrant::isFast, new Drain(settings, servers, results, Drain.LONGER), results);
            case "write" -> Writing.open(settings, servers, results);
            case "latency-200" ->
                new OneByOne(entrants, Entrant::hasOutbox, new Latency(200, settings, servers, results), results);
            case "latency-600" ->
                new OneByOne(entrants, Entrant::hasOutbox, new Latency(600, settings, servers, results), results);
            case "two-relays" ->
                new OneByOne(entrants, Entrant::sharesItsOutbox, new TwoRelays(settings, servers, results), results);
            case "held-snapshot" ->
                new OneByOne(entrants, Entrant::isFast, new HeldSnapshot(settings, servers, results), results);
            case "open-transaction" ->
                new OneByOne(entrants, Entrant::isFast, new OpenTransaction(settings, servers, results), results);
            case "take-over" ->
                new OneByOne(entrants, Entrant::takesOver, new TakeOver(settings, servers, results), results);
            case "poisoned" ->
                new OneByOne(entrants, Entrant::parksKeys, new Poisoned(settings, servers, results), results);
            case "inbox" ->
                new OneByOne(entrants, Entrant::consumes, new Consumption(settings, servers, results), results);
            default -> throw new IllegalArgumentException("there is no scenario " + name + ", see RESULTS.md");
        };
    }
}
