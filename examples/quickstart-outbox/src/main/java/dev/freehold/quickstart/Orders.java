package dev.freehold.quickstart;

import dev.freehold.outbox.Outbox;
import java.math.BigDecimal;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Publishes: the row and the event are stored together or not at all. */
@Service
class Orders {

    private static final Logger log = LoggerFactory.getLogger(Orders.class);
    private static final BigDecimal MOST = new BigDecimal("1000.00");

    private final JdbcClient jdbc;
    private final Outbox outbox;

    Orders(JdbcClient jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    @Transactional
    public UUID place(BigDecimal total) {
        UUID id = UUID.randomUUID();
        jdbc.sql("INSERT INTO orders (id, total) VALUES (?, ?)")
                .params(id, total)
                .update();
        outbox.publish(new OrderPlaced(id, total));
        log.info("Storing order {} over {} and its event", id, total);
        if (total.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("an order is at most " + MOST + ", was " + total);
        }
        return id;
    }
}
