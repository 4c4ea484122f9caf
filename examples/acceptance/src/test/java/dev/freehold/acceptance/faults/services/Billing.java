package dev.freehold.acceptance.faults.services;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.Outbox;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bills orders; invoice, own event and the note that the order's event is handled are stored together. */
final class Billing {

    private static final String COUNT = """
            INSERT INTO account (customer, invoices) VALUES (:customer, 1)
            ON CONFLICT (customer) DO UPDATE SET invoices = account.invoices + 1
            RETURNING invoices
            """;

    private static final String INSERT = """
            INSERT INTO invoice (order_id, order_number, order_event, customer, number, total, event_id)
            VALUES (:order, :orderNumber, :orderEvent, :customer, :number, :total, :event)
            """;

    private final JdbcClient jdbc;
    private final Outbox outbox;

    Billing(JdbcClient jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    @InboxListener(topic = "orders")
    void on(OrderPlaced order, EventContext context) {
        long number = jdbc.sql(COUNT)
                .param("customer", order.customer())
                .query(Long.class)
                .single();
        UUID event = outbox.publish(new InvoiceIssued(order.customer(), number, order.orderId(), order.total()));
        jdbc.sql(INSERT)
                .param("order", order.orderId())
                .param("orderNumber", order.number())
                .param("orderEvent", context.id())
                .param("customer", order.customer())
                .param("number", number)
                .param("total", order.total())
                .param("event", event)
                .update();
    }
}
