package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.outbox.OutboxDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** States of a key: an older one never replaces a newer one, and a tombstone ends it. */
abstract class NewestStateContract {

    private final OutboxDatabase database;
    private final HikariDataSource dataSource;
    private final Customers customers = new Customers();
    private long offset;

    NewestStateContract(OutboxDatabase database) {
        this.database = database;
        this.dataSource = database.dataSource();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void passesOverAStateThatIsOlderThanOneThatWasHandled() {
        InboxConsumer consumer = consumer();
        consumer.handle(List.of(state("ann", 1), state("ann", 3), state("ann", 2), state("bob", 1)));
        consumer.handle(List.of(state("ann", 3), state("ann", 4), state("bob", 0)));

        assertThat(customers.got).containsExactly("ann 1", "ann 3", "bob 1", "ann 3", "ann 4");
        assertThat(consumer.status()).isEqualTo(new InboxStatus(5, 0, 2, 0));
    }

    @Test
    void isToldOfAKeyThatIsNoMore() {
        consumer().handle(List.of(state("ann", 7), tombstone("ann")));
        assertThat(customers.got).containsExactly("ann 7", "ann gone");
    }

    @Test
    void startsAnewAfterATombstone() {
        consumer().handle(List.of(state("ann", 7), tombstone("ann"), state("ann", 1)));
        assertThat(customers.got).containsExactly("ann 7", "ann gone", "ann 1");
    }

    /** The version is noted in the transaction of the effect, so a state that failed is not passed over when it comes again. */
    @Test
    void forgetsTheVersionOfAStateThatFailed() {
        InboxConsumer consumer = consumer();
        customers.failures = 1;
        consumer.handle(List.of(state("ann", 2)));
        assertThat(consumer.parkedKeys()).containsExactly("ann");

        assertThat(consumer.replay("ann")).isEqualTo(1);
        assertThat(customers.got).containsExactly("ann 2");
    }

    @Test
    void parksATombstoneThatTheListenerCannotTake() {
        InboxConsumer consumer =
                inbox().consumers("plain", List.of(new Plain())).get(0);
        consumer.handle(List.of(tombstone("ann")));
        assertThat(consumer.parked(10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.cause()).contains("takes no Optional<CustomerState>"));
    }

    @Test
    void parksAStateWithoutVersion() {
        InboxConsumer consumer = consumer();
        consumer.handle(List.of(message("ann", "{\"name\":\"ann\"}")));
        assertThat(consumer.parked(10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.cause()).contains("version is null"));
    }

    @Test
    void discardsAParkedMessageForGood() {
        InboxConsumer consumer = consumer();
        customers.failures = 2; // in the batch, and alone
        InboxMessage bad = state("ann", 1);
        consumer.handle(List.of(bad, state("ann", 2)));
        assertThat(consumer.status().parked()).isEqualTo(2);

        assertThat(consumer.discard(bad.context().id())).isTrue();
        assertThat(consumer.discard(bad.context().id())).isFalse();
        assertThat(consumer.replay("ann")).isEqualTo(1);
        consumer.handle(List.of(bad));
        assertThat(customers.got).containsExactly("ann 2");
    }

    private InboxConsumer consumer() {
        return inbox().consumers("billing", List.of(customers)).get(0);
    }

    private Inbox inbox() {
        return Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(new DataSourceTransactionManager(dataSource))
                .settings(new InboxSettings(1, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, Duration.ZERO))
                .build();
    }

    private InboxMessage state(String name, long version) {
        return message(name, "{\"name\":\"%s\",\"version\":%d}".formatted(name, version));
    }

    private InboxMessage tombstone(String name) {
        return message(name, null);
    }

    private InboxMessage message(String key, @Nullable String json) {
        EventContext context = new EventContext(
                UUID.randomUUID(),
                "customers.customer",
                1,
                "/customers",
                key,
                Instant.EPOCH,
                "customers",
                0,
                offset++,
                Map.of());
        return new InboxMessage(context, json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }

    record CustomerState(String name, @Nullable Long version) {}

    static class Customers {

        final List<String> got = new ArrayList<>();
        int failures;

        @InboxListener(topic = "customers", type = "customers.customer", newestBy = "version")
        void on(Optional<CustomerState> state, EventContext context) {
            if (failures-- > 0) {
                throw new IllegalStateException("not now");
            }
            got.add(context.key() + " "
                    + state.map(CustomerState::version).map(String::valueOf).orElse("gone"));
        }
    }

    static class Plain {
        @InboxListener(topic = "customers", type = "customers.customer")
        void on(CustomerState state) {}
    }
}
