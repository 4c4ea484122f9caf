package dev.freehold.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.fixture.History;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.kafka.Delivery;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A run in which all is well, with one thing made wrong by each test: the audit finds it. */
class AuditTests {

    private static final String PLACE =
            "INSERT INTO orders (id, customer, number, total, event_id) VALUES (?, 'someone', ?, 2.50, ?)";

    private static final String BILL = """
            INSERT INTO invoice (order_id, order_number, order_event, customer, number, total, event_id)
            VALUES (?, ?, ?, 'someone', ?, 2.50, ?)
            """;

    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();
    private static final UUID FIRST_BILLED = UUID.randomUUID();
    private static final UUID SECOND_BILLED = UUID.randomUUID();

    private static final TestDatabase ORDERS = PostgresServer.shared().createDatabase();
    private static final TestDatabase BILLING = PostgresServer.shared().createDatabase();

    private final JdbcClient orders = JdbcClient.create(ORDERS.plainDataSource());
    private final JdbcClient billing = JdbcClient.create(BILLING.plainDataSource());
    private final History placed = History.inMemory();
    private final History issued = History.inMemory();
    private int offset;

    @BeforeAll
    static void createTables() {
        Database.createTables(ORDERS, Database.ORDERS);
        Database.createTables(BILLING, Database.BILLING);
    }

    @AfterAll
    static void drop() {
        ORDERS.drop();
        BILLING.drop();
    }

    @BeforeEach
    void placeTwoOrders() {
        order(1, FIRST);
        order(2, SECOND);
        placed.expectReceipts(Reader.NAME);
        issued.expectReceipts(Reader.NAME);
    }

    @AfterEach
    void empty() {
        orders.sql("DELETE FROM orders").update();
        billing.sql("DELETE FROM invoice").update();
        billing.sql("DELETE FROM inbox_parked").update();
    }

    @Test
    void findsNothingWhereAllIsWell() {
        receiveAll();
        billAll();
        audit().assertRight(Delivery.EXACTLY_ONCE);
    }

    @Test
    void findsAnOrderThatWasNeverPublished() {
        received(placed, FIRST, 1);
        receivedInvoices();
        billAll();
        assertFound("LOST");
    }

    @Test
    void findsAnEventWhoseTransactionWasRolledBack() {
        receiveAll();
        received(placed, UUID.randomUUID(), 3);
        billAll();
        assertFound("PHANTOM");
    }

    @Test
    void findsEventsInAnotherOrderThanTheirCommits() {
        received(placed, SECOND, 2);
        received(placed, FIRST, 1);
        receivedInvoices();
        billAll();
        assertFound("INVERSION");
    }

    @Test
    void findsAnEventThatWasPublishedTwiceWhereItShallBeOnce() {
        receiveAll();
        received(placed, FIRST, 1);
        billAll();
        audit().assertRight(Delivery.AT_LEAST_ONCE);
        assertThatThrownBy(() -> audit().assertRight(Delivery.EXACTLY_ONCE)).hasMessageContaining("DUPLICATE");
    }

    @Test
    void findsAnOrderThatWasNotBilled() {
        receiveAll();
        bill(1, FIRST, 1, FIRST_BILLED);
        assertFound("MISSING_EFFECT");
    }

    @Test
    void findsAnOrderThatWasBilledTwice() {
        receiveAll();
        billAll();
        bill(2, SECOND, 3, UUID.randomUUID());
        assertFound("REPEATED_EFFECT");
    }

    @Test
    void findsOrdersThatWereBilledInAnotherOrder() {
        receiveAll();
        bill(2, SECOND, 1, FIRST_BILLED);
        bill(1, FIRST, 2, SECOND_BILLED);
        assertFound("INVERSION");
    }

    @Test
    void findsABillOfWhatWasNeverOrdered() {
        receiveAll();
        billAll();
        bill(3, UUID.randomUUID(), 3, UUID.randomUUID());
        assertFound("PHANTOM");
    }

    @Test
    void findsAnInvoiceThatWasNeverPublished() {
        received(placed, FIRST, 1);
        received(placed, SECOND, 2);
        received(issued, FIRST_BILLED, 1);
        billAll();
        assertFound("LOST");
    }

    @Test
    void findsAnInvoiceOverAnotherSum() {
        receiveAll();
        billAll();
        billing.sql("UPDATE invoice SET total = 3 WHERE number = 2").update();
        assertFound("invoices, by customer");
    }

    @Test
    void findsWhatIsParked() {
        receiveAll();
        billAll();
        billing.sql("""
                INSERT INTO inbox_parked (consumer, topic, partition, "offset", key, id, headers, cause)
                VALUES ('billing', 'orders', 0, 0, 'someone', gen_random_uuid(), '', 'none')
                """).update();
        assertFound("parked");
    }

    private void order(long number, UUID event) {
        orders.sql(PLACE).params(UUID.randomUUID(), number, event).update();
    }

    private void bill(long orderNumber, UUID orderEvent, long number, UUID event) {
        billing.sql(BILL)
                .params(UUID.randomUUID(), orderNumber, orderEvent, number, event)
                .update();
    }

    private void billAll() {
        bill(1, FIRST, 1, FIRST_BILLED);
        bill(2, SECOND, 2, SECOND_BILLED);
    }

    private void receiveAll() {
        received(placed, FIRST, 1);
        received(placed, SECOND, 2);
        receivedInvoices();
    }

    private void receivedInvoices() {
        received(issued, FIRST_BILLED, 1);
        received(issued, SECOND_BILLED, 2);
    }

    private void received(History history, UUID event, long number) {
        history.received(Reader.NAME, event, "someone", number, "topic", 0, offset++);
    }

    private Audit audit() {
        return Audit.of(placed, issued, orders, billing);
    }

    private void assertFound(String finding) {
        assertThatThrownBy(() -> audit().assertRight(Delivery.AT_LEAST_ONCE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(finding);
    }
}
