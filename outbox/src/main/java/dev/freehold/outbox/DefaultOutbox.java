package dev.freehold.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Turns events into rows and hands them to the transaction of the thread. */
final class DefaultOutbox implements Outbox {

    private static final int LONGEST_TRACEPARENT = 64;
    private static final int EMPTY_OBJECT_LENGTH = "{}".length();

    private final DataSource dataSource;
    private final EventTypes types;
    private final JsonMapper json;
    private final int maxPayloadBytes;
    private final Supplier<@Nullable String> traceparent;
    private final Clock clock;

    DefaultOutbox(
            DataSource dataSource,
            EventTypes types,
            JsonMapper json,
            int maxPayloadBytes,
            Supplier<@Nullable String> traceparent,
            Clock clock) {
        this.dataSource = dataSource;
        this.types = types;
        this.json = json;
        this.maxPayloadBytes = maxPayloadBytes;
        this.traceparent = traceparent;
        this.clock = clock;
    }

    @Override
    public UUID publish(Object event) {
        OutboxTransaction transaction = transaction();
        EventType type = typeOf(event);
        StoredEvent stored = stored(type, type.key().keyOf(event), payload(type, event));
        if (type.order() == KeyOrder.LOCK_KEY) {
            transaction.lock(lockOf(stored));
        }
        transaction.add(stored);
        return stored.id();
    }

    /**
     * Publishes the state of an entity, whose row the transaction has locked.
     *
     * @param state null if the entity was deleted
     */
    void publishState(StateType type, Object id, @Nullable Object state) {
        byte[] payload = state == null ? null : payload(type.event(), state);
        transaction().add(stored(type.event(), type.keyOf(id), payload));
    }

    private StoredEvent stored(EventType type, String key, byte @Nullable [] payload) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new StoredEvent(
                UuidV7.at(now.toEpochMilli()),
                type.topic(),
                key,
                type.type(),
                type.version(),
                payload,
                traceparent(),
                now);
    }

    EventTypes types() {
        return types;
    }

    /** Tracing must not stop the business: what is no trace context is left out. */
    private @Nullable String traceparent() {
        String current = traceparent.get();
        return current == null || current.length() > LONGEST_TRACEPARENT ? null : current;
    }

    private EventType typeOf(@Nullable Object event) {
        if (event == null) {
            throw new OutboxException(
                    "There is no event: publish got null.", "Publish an instance of an @OutboxEvent class.");
        }
        if (event instanceof Collection<?> || event instanceof Object[]) {
            throw new OutboxException(
                    "%s is a collection, not an event."
                            .formatted(event.getClass().getName()),
                    "Publish its elements one by one; one transaction still stores them in one batch.");
        }
        return types.of(event.getClass());
    }

    private byte[] payload(EventType type, Object event) {
        byte[] payload;
        try {
            payload = json.writeValueAsBytes(event);
        } catch (JacksonException e) {
            throw new OutboxException(
                    "Event '%s' of %s does not serialize to JSON: %s"
                            .formatted(type.type(), type.javaType().getName(), e.getOriginalMessage()),
                    "Let it hold data only: records, strings, numbers, java.time, lists and maps of these.",
                    e);
        }
        if (payload.length <= EMPTY_OBJECT_LENGTH) {
            throw new OutboxException(
                    "Event '%s' of %s serializes to nothing."
                            .formatted(type.type(), type.javaType().getName()),
                    "Make it a record, or give it getters: private fields alone are not seen.");
        }
        if (payload.length > maxPayloadBytes) {
            throw new OutboxException(
                    "Event '%s' has a payload of %d bytes, over the limit of %d."
                            .formatted(type.type(), payload.length, maxPayloadBytes),
                    "Publish less, or a link to the rest; or raise freehold.outbox.max-payload together with max.message.bytes of topic '%s'."
                            .formatted(type.topic()));
        }
        return payload;
    }

    /**
     * The transaction of the thread.
     *
     * @throws OutboxException if there is none that events can be published in
     */
    OutboxTransaction transaction() {
        if (!(TransactionSynchronizationManager.getResource(this) instanceof OutboxTransaction transaction)) {
            throw noTransaction();
        }
        if (!transaction.isOpen()) {
            throw new OutboxException(
                    "The transaction on thread '%s' has already stored its events and is completing."
                            .formatted(Thread.currentThread().getName()),
                    "Publish before it commits, not in afterCommit or @TransactionalEventListener(AFTER_COMMIT);"
                            + " or publish in a new transaction (Propagation.REQUIRES_NEW).");
        }
        if (transaction.sharesItsConnection()) {
            throw TransactionBinding.sharedConnection();
        }
        if (transaction.isReadOnly()) {
            throw new OutboxException(
                    "The transaction on thread '%s' is read-only."
                            .formatted(Thread.currentThread().getName()),
                    "Take readOnly = true off the method that publishes, or off the one that began the transaction.");
        }
        return transaction;
    }

    private OutboxException noTransaction() {
        String thread = Thread.currentThread().getName();
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return new OutboxException(
                    "There is no transaction on thread '%s'.".formatted(thread),
                    "Call publish inside @Transactional or a TransactionTemplate, on the thread that began the transaction:"
                            + " not from @Async, another executor, a parallel stream or a reactive pipeline, and not by"
                            + " calling an annotated method of the same object.");
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return new OutboxException(
                    "The transaction on thread '%s' is completing, or its manager does not synchronize."
                            .formatted(thread),
                    "Publish before the transaction commits; and leave transactionSynchronization of the transaction manager at ALWAYS.");
        }
        return new OutboxException(
                "The transaction on thread '%s' is not one of the outbox's database (%s)."
                        .formatted(thread, dataSource),
                "Name the transaction manager of that DataSource, as in @Transactional(\"…\"); without Spring Boot, give"
                        + " the manager to Outbox.builder().transactionManager(…); after another transaction's completion,"
                        + " begin a new one (Propagation.REQUIRES_NEW). JTA is not supported.");
    }

    /** 64-bit FNV-1a (Fowler, Noll, Vo) of topic and key. */
    private static long lockOf(StoredEvent event) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (event.topic() + '\0' + event.key()).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
