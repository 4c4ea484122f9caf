package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every scenario works, in quick mode, with real processes and servers. */
class BenchmarkTests {

    private static Servers servers;

    private final Settings settings = Settings.quick(List.of(Entrant.NO_OUTBOX, Entrant.HAND_WRITTEN));

    @BeforeAll
    static void startServers() {
        servers = Servers.start();
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    write       | to one bare INSERT, 8 threads
                    latency-200 | from before the commit, p99
                    two-relays  | two relays to one
                    """)
    void measures(String scenario, String metric) throws Exception {
        Results results = Benchmark.run(scenario, settings, servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, metric)).isPositive();
    }

    @Test
    void drainsABacklogOnceAndInOrder() throws Exception {
        Results results = Benchmark.run("drain", settings, servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, "rate, warm process")).isPositive();
        assertThat(figure(results, "duplicates")).isZero();
        assertThat(figure(results, "inversions")).isZero();
    }

    @Test
    void reportsAnEntrantThatFailsAndGoesOnWithTheNext() throws Exception {
        Results results = new Results("failing");
        List<Entrant> both = List.of(Entrant.HAND_WRITTEN, Entrant.DEBEZIUM);
        OneByOne scenario =
                new OneByOne(both, Entrant::hasOutbox, entrant -> measureOnlyDebezium(entrant, results), results);
        scenario.repeat();
        assertThat(results.failures()).singleElement().asString().contains("hand-written", "broken");
        assertThat(results.values(Entrant.DEBEZIUM, "figure")).containsExactly(1.0);
    }

    private static void measureOnlyDebezium(Entrant entrant, Results results) {
        if (entrant != Entrant.DEBEZIUM) {
            throw new IllegalStateException("broken");
        }
        results.add(entrant, "figure", "1", 1);
    }

    private static double figure(Results results, String metric) {
        List<Double> values = results.values(Entrant.HAND_WRITTEN, metric);
        assertThat(values).hasSize(1);
        return values.get(0);
    }
}
