package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A mistake in a source is told to the log, an outage is not. */
@ExtendWith(OutputCaptureExtension.class)
class LoggedFailureTests {

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    static class Sources {

        private Exception failure = new IllegalStateException();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7), new Order(2, 7));
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) throws Exception {
            throw failure;
        }
    }

    private final Sources sources = new Sources();

    private void page() {
        try (Compositions compositions =
                Compositions.builder().sources(sources).views(Row.class).build()) {
            assertThat(compositions
                            .view(Row.class)
                            .page(null, Keyset.start(), 10)
                            .isComplete())
                    .isFalse();
        }
    }

    @Test
    void tellsOfAMistakeOnceAPage(CapturedOutput output) {
        sources.failure = new IllegalStateException("no such column");

        page();

        assertThat(output.getOut().lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains(
                        "Row.customer is unavailable, source 'customers': ERROR, java.lang.IllegalStateException: no such column");
    }

    @Test
    void tellsNothingOfAnOutage(CapturedOutput output) {
        sources.failure = new ConnectException("refused");

        page();

        assertThat(output.getOut()).doesNotContain("unavailable");
    }
}
