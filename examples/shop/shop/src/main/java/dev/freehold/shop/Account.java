package dev.freehold.shop;

import dev.freehold.servers.Database;
import dev.freehold.shop.ShopClient.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Tells the way of an order from what it left behind: rows of the services' outboxes and inboxes, and records of the
 * topics.
 */
final class Account {

    private static final String OUTBOX = """
            SELECT id, type
            FROM outbox_event
            WHERE aggregatetype = :topic AND aggregateid = :order
            """;

    private static final String INBOX = """
            SELECT received_at
            FROM inbox_message
            WHERE id = :event
            """;

    private final JdbcClient orders;
    private final JdbcClient customers;
    private final TopicReader topics;

    private Account(JdbcClient orders, JdbcClient customers, TopicReader topics) {
        this.orders = orders;
        this.customers = customers;
        this.topics = topics;
    }

    /** Looks into each database as the service that owns it. */
    static Account of(Shop shop) {
        return new Account(
                client(shop.orders().database()),
                client(shop.customers().database()),
                new TopicReader(shop.bootstrapServers()));
    }

    private static JdbcClient client(Database database) {
        return JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), database.password()));
    }

    /** One line a step. */
    List<String> of(Order order) {
        Steps steps = new Steps(order.placedAt());
        Optional<Event> placed = event(orders, "orders", order);
        Optional<Event> answer = event(customers, "customers", order);
        placed.ifPresent(event -> {
            steps.add(order.placedAt(), "order-service", "stores the order as PENDING and " + event.type());
            published("orders", event, steps);
        });
        answer.ifPresent(event -> {
            placed.flatMap(cause -> received(customers, cause))
                    .ifPresent(at -> steps.add(at, "customer-service", decision(event)));
            published("customers", event, steps);
            received(orders, event)
                    .ifPresent(at -> steps.add(
                            at, "order-service", "notes the answer's id and sets the order to " + order.status()));
        });
        return steps.lines;
    }

    private static String decision(Event answer) {
        return "notes the event's id, %s and stores %s"
                .formatted(
                        answer.type().endsWith("reserved") ? "reserves the credit" : "reserves nothing", answer.type());
    }

    private void published(String topic, Event event, Steps steps) {
        topics.find(topic, event.id())
                .ifPresent(found -> steps.add(
                        Instant.ofEpochMilli(found.timestamp()),
                        "relay",
                        "publishes it: topic %s, partition %d, offset %d"
                                .formatted(topic, found.partition(), found.offset())));
    }

    private static Optional<Event> event(JdbcClient database, String topic, Order order) {
        return database.sql(OUTBOX)
                .param("topic", topic)
                .param("order", order.id().toString())
                .query(Event.class)
                .optional();
    }

    private static Optional<Instant> received(JdbcClient database, Event event) {
        return database.sql(INBOX)
                .param("event", event.id())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /** An event as it stands in an outbox. */
    record Event(UUID id, String type) {}

    /** The lines, with the time since the first step. */
    private static final class Steps {

        private final Instant start;
        private final List<String> lines = new ArrayList<>();

        Steps(Instant start) {
            this.start = start;
        }

        void add(Instant at, String who, String what) {
            long millis = Math.max(0, Duration.between(start, at).toMillis());
            lines.add("  %5d ms  %-16s  %s".formatted(millis, who, what));
        }
    }
}
