package dev.freehold.quickstart;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Receives: the bill and the note that the event is handled are stored together or not at all. */
@Component
class Billing {

    private static final Logger log = LoggerFactory.getLogger(Billing.class);

    private final JdbcClient jdbc;

    Billing(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @InboxListener(topic = "orders")
    void on(OrderPlaced event, EventContext context) {
        jdbc.sql("INSERT INTO bill (order_id, total) VALUES (?, ?)")
                .params(event.orderId(), event.total())
                .update();
        log.info(
                "Billed order {} over {}, from partition {} at offset {}",
                event.orderId(),
                event.total(),
                context.partition(),
                context.offset());
    }
}
