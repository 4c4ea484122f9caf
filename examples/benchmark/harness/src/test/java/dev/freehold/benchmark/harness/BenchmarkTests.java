package dev.freehold.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.benchmark.report.Results;
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
                    take-over   | pause when killed, longest
                    """)
    void measures(String scenario, String metric) throws Exception {
        Results results = Benchmark.run(scenario, settings, servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, Entrant.HAND_WRITTEN, metric)).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    held-snapshot    | from before the commit, p99, last quarter
                    open-transaction | p99, meanwhile to before
                    poisoned         | to no poison, refused by the broker
                    """)
    void measuresFreehold(String scenario, String metric) throws Exception {
        Results results = Benchmark.run(scenario, Settings.quick(List.of(Entrant.FREEHOLD)), servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, Entrant.FREEHOLD, metric)).isPositive();
    }

    @Test
    void handlesMessagesOnceWithAnInboxAndAgainWithoutOne() throws Exception {
        Settings both = Settings.quick(List.of(Entrant.FREEHOLD, Entrant.NO_INBOX));
        Results results = Benchmark.run("inbox", both, servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, Entrant.FREEHOLD, "time of a message")).isPositive();
        assertThat(figure(results, Entrant.FREEHOLD, "messages that were handled again"))
                .isZero();
        assertThat(figure(results, Entrant.NO_INBOX, "messages that were handled again"))
                .isPositive();
    }

    @Test
    void drainsABacklogOnceAndInOrder() throws Exception {
        Results results = Benchmark.run("drain", settings, servers);
        assertThat(results.failures()).isEmpty();
        assertThat(figure(results, Entrant.HAND_WRITTEN, "rate, warm process")).isPositive();
        assertThat(figure(results, Entrant.HAND_WRITTEN, "duplicates")).isZero();
        assertThat(figure(results, Entrant.HAND_WRITTEN, "inversions")).isZero();
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

    private static double figure(Results results, Entrant entrant, String metric) {
        List<Double> values = results.values(entrant, metric);
        assertThat(values).hasSize(1);
        return values.get(0);
    }
}
