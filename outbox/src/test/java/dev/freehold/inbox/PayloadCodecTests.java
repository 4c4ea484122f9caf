package dev.freehold.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.PayloadCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Payloads that are stored and sent in another form. */
class PayloadCodecTests {

    private final OutboxDatabase database = OutboxDatabase.h2(4);
    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());

    @AfterEach
    void drop() {
        database.close();
    }

    @OutboxEvent(type = "test.paid", topic = "payments")
    record Paid(@EventKey String customer, int amount) {}

    /** Turns the bytes round and names the key; refuses what it did not make for that key. */
    private static final class Reversing implements PayloadCodec {

        @Override
        public byte[] encode(String type, String key, byte[] json) {
            return (key + "|" + new StringBuilder(new String(json, UTF_8)).reverse()).getBytes(UTF_8);
        }

        @Override
        public byte[] decode(String type, String key, byte[] payload) {
            String text = new String(payload, UTF_8);
            if (!text.startsWith(key + "|")) {
                throw new IllegalArgumentException("not made for " + key);
            }
            return new StringBuilder(text.substring(key.length() + 1))
                    .reverse()
                    .toString()
                    .getBytes(UTF_8);
        }
    }

    static class Listener {
        final List<Paid> paid = new ArrayList<>();

        @InboxListener(topic = "payments", group = "billing")
        void on(Paid event) {
            paid.add(event);
        }
    }

    @Test
    void areStoredEncodedAndReadDecoded() {
        publish(outbox(900), new Paid("ann", 7));
        byte[] stored = JdbcClient.create(database.dataSource())
                .sql("SELECT payload FROM outbox_event")
                .query((row, n) -> row.getBytes(1))
                .single();
        assertThat(new String(stored, UTF_8)).startsWith("ann|}7:");

        Listener listener = new Listener();
        InboxConsumer consumer = consumer(listener);
        consumer.handle(List.of(message("ann", stored)));
        consumer.handle(List.of(message("bob", stored)));
        assertThat(listener.paid).containsExactly(new Paid("ann", 7));
        assertThat(consumer.parked(10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.cause())
                        .contains("the payload cannot be decoded")
                        .contains("not made for bob"));
    }

    @Test
    void areMeasuredAsTheyAreStored() {
        Outbox outbox = outbox(40);
        assertThatThrownBy(() -> publish(outbox, new Paid("somebody with a longer name", 7)))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("over the limit of 40");
    }

    static class States {
        final List<java.util.Optional<Paid>> states = new ArrayList<>();

        @InboxListener(topic = "payments", type = "test.paid", group = "billing")
        void on(java.util.Optional<Paid> state) {
            states.add(state);
        }
    }

    /** A codec that has lost a key may answer null; a listener would delete what it has. */
    @Test
    void areNoTombstonesIfTheCodecMakesNothingOfThem() {
        PayloadCodec lost = new PayloadCodec() {
            @Override
            public byte[] encode(String type, String key, byte[] json) {
                return json;
            }

            @Override
            @SuppressWarnings("NullAway")
            public byte[] decode(String type, String key, byte[] payload) {
                return null;
            }
        };
        States listener = new States();
        InboxConsumer consumer = Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .payloadCodec(lost)
                .settings(new InboxSettings(
                        1, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, Duration.ofDays(1)))
                .build()
                .consumers("", List.of(listener))
                .get(0);
        consumer.handle(List.of(message("ann", "{\"customer\":\"ann\",\"amount\":7}".getBytes(UTF_8))));
        assertThat(listener.states).isEmpty();
        assertThat(consumer.parked(10)).hasSize(1);
    }

    private Outbox outbox(int maxPayloadBytes) {
        return Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .payloadCodec(new Reversing())
                .maxPayloadBytes(maxPayloadBytes)
                .build();
    }

    private void publish(Outbox outbox, Object event) {
        new TransactionTemplate(manager).executeWithoutResult(status -> outbox.publish(event));
    }

    private InboxConsumer consumer(Listener listener) {
        return Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .payloadCodec(new Reversing())
                .settings(new InboxSettings(
                        1, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, Duration.ofDays(1)))
                .build()
                .consumers("", List.of(listener))
                .get(0);
    }

    private static InboxMessage message(String key, byte[] payload) {
        return new InboxMessage(
                new EventContext(UUID.randomUUID(), "test.paid", 1, "", key, Instant.EPOCH, "payments", 0, 0, Map.of()),
                payload);
    }
}
