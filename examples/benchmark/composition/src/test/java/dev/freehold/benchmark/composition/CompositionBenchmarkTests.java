package dev.freehold.benchmark.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.benchmark.report.Results;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every scenario works, in quick mode and in processes of its own. That rows are equal is required by each of them. */
@Timeout(300)
class CompositionBenchmarkTests {

    private static final List<Entrant> BOTH = List.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN);

    @Test
    void comparesTheCostOfAJoin() throws Exception {
        Results results = run(Scenario.JOIN, BOTH);

        assertThat(figure(results, Entrant.FREEHOLD, "20000 rows, CPU of a row, to hand-written"))
                .isPositive();
        assertThat(figure(results, Entrant.FREEHOLD, "50 rows, memory of a row"))
                .isPositive();
    }

    @Test
    void makesAPageWithACallOfEachService() throws Exception {
        Results results = run(Scenario.PAGE, BOTH);

        for (Entrant entrant : BOTH) {
            assertThat(figure(results, entrant, "one at a time, calls a page")).isEqualTo(4);
            assertThat(figure(results, entrant, "32 at once, calls a page")).isEqualTo(4);
            assertThat(figure(results, entrant, "one at a time, p50")).isGreaterThan(40);
        }
    }

    @Test
    void endsPagesOfASilentServiceByTheirBudget() throws Exception {
        Results results = run(Scenario.SILENT, List.of(Entrant.FREEHOLD));

        assertThat(figure(results, Entrant.FREEHOLD, "p50")).isGreaterThan(399);
        assertThat(figure(results, Entrant.FREEHOLD, "max")).isPositive();
    }

    @Test
    void countsTheAttemptsOfAnOutage() throws Exception {
        Results results = run(Scenario.OUTAGE, BOTH);

        assertThat(figure(results, Entrant.FREEHOLD, "attempts a call")).isBetween(1.0, 1.1);
        assertThat(figure(results, Entrant.HAND_WRITTEN, "attempts a call")).isEqualTo(3);
    }

    @Test
    void keepsToTheLimit() throws Exception {
        Results results = run(Scenario.LIMIT, BOTH);

        for (Entrant entrant : BOTH) {
            assertThat(figure(results, entrant, "calls at once, peak")).isEqualTo(8);
            assertThat(figure(results, entrant, "calls a page")).isEqualTo(200);
        }
    }

    @Test
    void sharesTheCallsOfPagesThatAskTheSame() throws Exception {
        Results results = run(Scenario.COLD, BOTH);

        assertThat(figure(results, Entrant.FREEHOLD, "calls of a question, at most"))
                .isEqualTo(1);
        assertThat(figure(results, Entrant.FREEHOLD, "calls of all pages")).isEqualTo(4);
        assertThat(figure(results, Entrant.HAND_WRITTEN, "calls of a question, at most"))
                .isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"FREEHOLD", "HAND_WRITTEN", "DATALOADER", "ASSEMBLER"})
    void joinsTheSameRows(Entrant entrant) {
        List<Order> orders = Catalog.orders(100);

        try (Contestant contestant = entrant.create(new MemoryServices(orders), Rules.forPages(1))) {
            assertThat(Row.checksum(contestant.join(orders)))
                    .isEqualTo(Row.checksum(orders.stream()
                            .map(order -> Catalog.Expected.of(order).withoutAddress())
                            .toList()));
            assertThat(Row.checksum(contestant.page(orders)))
                    .isEqualTo(Row.checksum(
                            orders.stream().map(Catalog.Expected::of).toList()));
        }
    }

    private static Results run(Scenario scenario, List<Entrant> entrants) throws Exception {
        Results results = Benchmark.run(scenario, Settings.quick(entrants));
        assertThat(results.failures()).isEmpty();
        return results;
    }

    private static double figure(Results results, Entrant entrant, String metric) {
        List<Double> values = results.values(entrant, metric);
        assertThat(values).as("%s of %s", metric, entrant.label()).hasSize(1);
        return values.get(0);
    }
}
