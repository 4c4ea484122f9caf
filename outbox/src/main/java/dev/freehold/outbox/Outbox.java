package dev.freehold.outbox;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores events in the caller's transaction, so that they are published if and only if it commits.
 *
 * <p>Events are kept in memory until the transaction is about to commit; then the persistence context is flushed, and
 * all events are inserted in one batch on the transaction's own connection. A rolled back transaction or savepoint
 * takes its events with it. Instances are thread-safe; an event belongs to the transaction of the calling thread.
 */
public interface Outbox {

    /**
     * Publishes an event with the current transaction.
     *
     * <p>Everything that can be wrong with the event is found here, not later: the class is declared wrongly, the key is
     * missing, the payload does not serialize or is over the limit. Events are published in the order of the calls;
     * events of one key in the order in which their transactions commit.
     *
     * @param event an instance of a class with {@link OutboxEvent}; serialized now, so later changes to it are not seen
     * @return the id under which consumers will see it
     * @throws OutboxException if there is no transaction on this thread that could store it (none, read-only, of another
     *     {@code DataSource}, already completing) or if the event is wrong; nothing is stored then
     */
    UUID publish(Object event);

    /**
     * An outbox for tests without a database: it checks and serializes events as any other, and hands them over when the
     * transaction of the thread commits, or at once if there is none.
     *
     * @param json mapper for payloads
     * @param published gets what would be stored, on the publishing thread
     */
    static Outbox inMemory(JsonMapper json, Consumer<StoredEvent> published) {
        return new InMemoryOutbox(json, published);
    }

    /** Starts building an outbox without Spring Boot. */
    static Builder builder() {
        return new DefaultOutboxBuilder();
    }

    /** What an outbox needs: the service's database and transaction manager; everything else has a default. */
    interface Builder {

        /** Database of the service, the one that its transaction managers use. Required. */
        Builder dataSource(DataSource dataSource);

        /**
         * Transaction manager whose transactions may publish, at least one: {@code JpaTransactionManager} or
         * {@code DataSourceTransactionManager} on the same {@code DataSource}.
         */
        Builder transactionManager(PlatformTransactionManager transactionManager);

        /** Event classes to check when the outbox is built; others are checked at their first publication. */
        Builder events(Class<?>... eventTypes);

        /** Mapper for payloads; by default Jackson's own with the modules on the class path. */
        Builder jsonMapper(JsonMapper jsonMapper);

        /** Turns payloads into what is stored and sent; by default they stay as they are. */
        Builder payloadCodec(PayloadCodec payloadCodec);

        /** Largest payload in bytes, 1 to 16 MiB, 900 KiB by default: Kafka's own limit is 1 MiB a batch. */
        Builder maxPayloadBytes(int maxPayloadBytes);

        /** W3C {@code traceparent} of the current trace, asked at each publication; null where there is none. */
        Builder traceparent(Supplier<@Nullable String> traceparent);

        /**
         * Told after each commit that stored events, on the committing thread: {@link OutboxRelay#wakeUp}. By default a
         * relay in another process is called.
         */
        Builder afterCommit(Runnable wakeUp);

        /**
         * How long published events are kept, at least 1 second, 7 days by default, zero for ever; the same as the relay's
         * {@link RelaySettings#retention}, which takes them out.
         */
        Builder retention(Duration retention);

        /**
         * @throws OutboxException if something is missing or does not fit together, or if the tables are missing or not
         *     as this version needs them
         */
        Outbox build();
    }
}
