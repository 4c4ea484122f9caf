package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What cannot be written as JSON, or is too much, is refused when it is published. */
class PayloadMistakeTests {

    /** Leaves 80 bytes for the text beside {@code {"id":"1","text":""}}. */
    private static final int LIMIT = 100;

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
        Outbox outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .maxPayloadBytes(LIMIT)
                .build();
        service = new Service(database.dataSource(), manager, outbox);
    }

    private static void refuses(Object event, String... fix) {
        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.placeAndPublish("1");
                    service.outbox().publish(event);
                    throw new AssertionError("it was accepted");
                }),
                fix);
        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesACycle() {
        List<Object> lines = new ArrayList<>();
        lines.add(lines);
        refuses(new WithLines("1", lines), "hold data only");

        Node node = new Node();
        node.next = node;
        refuses(new WithLines("1", List.of(node)), "hold data only");
    }

    @Test
    void refusesAGetterThatThrows() {
        refuses(new WithFailingGetter(), "hold data only");
    }

    @Test
    void refusesAPayloadOverTheLimit() {
        refuses(new WithText("1", "x".repeat(81)), "Publish less", "freehold.outbox.max-payload", "max.message.bytes");

        service.inTransaction(() -> service.outbox().publish(new WithText("1", "x".repeat(80))));
        assertThat(database.events()).containsExactly("1");
    }

    @Test
    void countsBytesAndNotCharacters() {
        refuses(new WithText("1", "\u20ac".repeat(30)), "Publish less");
    }

    @Test
    void refusesAnEventThatSerializesToNothing() {
        refuses(new WithPrivateFields("1"), "Make it a record, or give it getters");
    }

    static class Node {
        public @Nullable Node next;
    }

    @OutboxEvent(type = "payloads.lines", topic = "payloads")
    record WithLines(@EventKey String id, List<?> lines) {}

    @OutboxEvent(type = "payloads.text", topic = "payloads")
    record WithText(@EventKey String id, String text) {}

    @OutboxEvent(type = "payloads.private-fields", topic = "payloads")
    static class WithPrivateFields {
        @EventKey
        private final String id;

        WithPrivateFields(String id) {
            this.id = id;
        }
    }

    @OutboxEvent(type = "payloads.failing-getter", topic = "payloads")
    static class WithFailingGetter {
        @EventKey
        public String getId() {
            return "1";
        }

        public InputStream getContent() {
            throw new IllegalStateException("closed " + new ByteArrayInputStream(new byte[0]));
        }
    }
}
