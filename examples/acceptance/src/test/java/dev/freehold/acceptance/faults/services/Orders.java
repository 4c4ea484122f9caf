package dev.freehold.acceptance.faults.services;

import dev.freehold.outbox.Outbox;
import java.math.BigDecimal;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Places orders; the row and the event are stored together or not at all. */
class Orders {

    /** Whoever closes the shop waits for those who are in it. */
    private static final String ENTER = "SELECT 1 FROM shop WHERE open FOR SHARE";

    private static final String COUNT = "UPDATE customer SET orders = orders + 1 WHERE id = :customer RETURNING orders";

    private static final String INSERT = """
            INSERT INTO orders (id, customer, number, total, event_id) VALUES (:id, :customer, :number, :total, :event)
            """;

    private final JdbcClient jdbc;
    private final Outbox outbox;

    Orders(JdbcClient jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** Places some orders of a customer in one transaction, and tells whether the shop was open. */
    @Transactional
    public boolean place(String customer, BigDecimal... totals) {
        if (jdbc.sql(ENTER).query(Integer.class).optional().isEmpty()) {
            return false;
        }
        for (BigDecimal total : totals) {
            place(customer, total);
        }
        return true;
    }

    /** Changes its mind when everything is done, so that nothing of it may be seen anywhere. */
    @Transactional(rollbackFor = Withdrawn.class)
    public void placeAndWithdraw(String customer, BigDecimal total) throws Withdrawn {
        place(customer, total);
        throw new Withdrawn();
    }

    private void place(String customer, BigDecimal total) {
        UUID id = UUID.randomUUID();
        long number =
                jdbc.sql(COUNT).param("customer", customer).query(Long.class).single();
        UUID event = outbox.publish(new OrderPlaced(customer, number, id, total));
        jdbc.sql(INSERT)
                .param("id", id)
                .param("customer", customer)
                .param("number", number)
                .param("total", total)
                .param("event", event)
                .update();
    }

    /** Rolls an order back. */
    static final class Withdrawn extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
