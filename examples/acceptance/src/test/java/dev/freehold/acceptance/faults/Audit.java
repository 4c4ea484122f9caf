package dev.freehold.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import dev.freehold.outbox.kafka.Delivery;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Judges a run when it is over, by what stands in the databases and what was read from the topics. The rows are the truth:
 * whatever a writer that was killed believes, an order was placed if its row is there.
 *
 * <ol>
 *   <li>{@code placed}: the topic of orders has the event of each order, in the order of numbers, which are counted under
 *       the lock of the customer's row, and no others.
 *   <li>{@code billed}: the table of invoices has one for each of them, and was written in the same order.
 *   <li>{@code issued}: the topic of invoices has the event of each invoice, in order, and no others.
 *   <li>Customer by customer, invoices come to the sum of the orders. Nothing is parked: no fault was an event's.
 * </ol>
 */
record Audit(Verdict placed, Verdict billed, Verdict issued, Books ordered, Books invoiced, long parked) {

    private static final String BILLING = "billing";

    private static final String ORDERS = "SELECT event_id, customer, number FROM orders";

    private static final String INVOICES = """
            SELECT event_id, customer, number, order_event, order_number FROM invoice ORDER BY customer, number
            """;

    private static final String ORDERED =
            "SELECT customer, count(*) AS orders, sum(total) AS total FROM orders GROUP BY customer";

    private static final String INVOICED =
            "SELECT customer, count(*) AS orders, sum(total) AS total FROM invoice GROUP BY customer";

    private static final String PARKED =
            "SELECT (SELECT count(*) FROM outbox_parked) + (SELECT count(*) FROM inbox_parked)";

    /**
     * @param placed what was received of the topic of orders
     * @param issued what was received of the topic of invoices
     */
    static Audit of(History placed, History issued, JdbcClient orders, JdbcClient billing) {
        History billed = History.inMemory();
        billed.expectEffects(BILLING);
        billed.expectReceipts(BILLING);
        orders.sql(ORDERS).query(row -> {
            UUID event = row.getObject("event_id", UUID.class);
            placed.committed(event, row.getString("customer"), row.getLong("number"));
            billed.committed(event, row.getString("customer"), row.getLong("number"));
        });
        billing.sql(INVOICES).query(row -> {
            String customer = row.getString("customer");
            UUID order = row.getObject("order_event", UUID.class);
            billed.effect(BILLING, order);
            billed.received(BILLING, order, customer, row.getLong("order_number"));
            issued.committed(row.getObject("event_id", UUID.class), customer, row.getLong("number"));
        });
        return new Audit(
                HistoryChecker.check(placed),
                HistoryChecker.check(billed),
                HistoryChecker.check(issued),
                Books.of(orders, ORDERED),
                Books.of(billing, INVOICED),
                parked(orders) + parked(billing));
    }

    private static long parked(JdbcClient jdbc) {
        return jdbc.sql(PARKED).query(Long.class).single();
    }

    /** Throws if anything is not as it was promised. */
    void assertRight(Delivery delivery) {
        assertPublished(placed, delivery);
        billed.assertNoPhantoms()
                .assertOneEffectEach()
                .assertNoneLost()
                .assertNoDuplicates()
                .assertInOrder();
        assertPublished(issued, delivery);
        assertThat(invoiced).as("invoices, by customer").isEqualTo(ordered);
        assertThat(parked).as("parked events and messages").isZero();
    }

    private static void assertPublished(Verdict topic, Delivery delivery) {
        topic.assertNoneLost().assertNoPhantoms().assertInOrder();
        if (delivery == Delivery.EXACTLY_ONCE) {
            topic.assertNoDuplicates().assertPublishedOnce();
        }
    }

    @Override
    public String toString() {
        return "%d orders and %d invoices, on their topics again: %d and %d"
                .formatted(
                        placed.committed(),
                        issued.committed(),
                        placed.count(Violation.DUPLICATE),
                        issued.count(Violation.DUPLICATE));
    }

    /** What was ordered or billed, by customer. */
    record Books(Map<String, Sum> customers) {

        static Books of(JdbcClient jdbc, String sql) {
            Map<String, Sum> customers = new TreeMap<>();
            jdbc.sql(sql).query(row -> {
                customers.put(row.getString("customer"), new Sum(row.getLong("orders"), row.getBigDecimal("total")));
            });
            return new Books(customers);
        }
    }

    /** How many, and for how much. */
    record Sum(long orders, BigDecimal total) {}
}
