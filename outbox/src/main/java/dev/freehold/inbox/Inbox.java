package dev.freehold.inbox;

import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.PayloadCodec;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the handling of a message happen once: its id is noted in the transaction of its effects, and a message whose id
 * is there already is passed over. Instances are thread-safe.
 */
public interface Inbox extends AutoCloseable {

    /**
     * Runs an action unless the same consumer has already done so for this id.
     *
     * <p>Joins the transaction of the thread, or runs one of its own. If another transaction is handling the same id at
     * the moment, waits for its outcome.
     *
     * @param consumer name of the handler, 1 to 255 characters; each consumer handles each id once
     * @param id id of the message, any text that is the same for every delivery of it
     * @param action what to do; if it throws, the id is not noted
     * @return whether the action ran
     */
    boolean once(String consumer, String id, Runnable action);

    /**
     * Consumers made of {@link InboxListener} methods, one for each group.
     *
     * @param defaultGroup group of the methods that name none; may be empty if all do
     * @param beans objects with listener methods
     * @throws InboxException if a listener is declared wrongly, or two of a group handle the same type of a topic
     */
    List<InboxConsumer> consumers(String defaultGroup, Collection<?> beans);

    /**
     * Lets the {@link Idempotent} methods of a bean run once for each message; with Spring Boot, every bean is given to it.
     *
     * @return a proxy of the bean's class, or the bean itself if it has no such methods
     * @throws InboxException if one is declared wrongly
     */
    <T> T idempotent(T bean);

    /**
     * A transport that hands events to {@link OutboxHandler} methods, and those that none takes to another transport; for a
     * relay without Spring Boot.
     *
     * @param beans objects with handler methods
     * @param others where all other events go; closed with this one
     * @throws InboxException if a handler is declared wrongly, or two take the same type
     */
    OutboxTransport transport(Collection<?> beans, OutboxTransport others);

    /**
     * Waits until listeners of this service, in this process or another one on the same database, have handled the events of a
     * token, so that a transaction that begins now sees what they did: to be called before a read that should show what was
     * written a moment ago.
     *
     * <p>Events that nobody here listens to are nothing to wait for. False without waiting if an event is parked, or older than
     * the {@linkplain InboxSettings#retention retention}; and for an overflowing token, unless there are no listeners. False
     * means that the read may show an older state, not that it does: the event may be on its way, have been left out by a
     * compacted topic, or nobody can tell since the database does not answer; whoever reads next will hear of that.
     *
     * <p>However many wait, one of them at a time asks the database, in a connection that it gives back at once; so that one may
     * wait for as much longer as the database or the pool let it. If 256 wait already, it looks once and waits no more.
     *
     * @param token what should be seen
     * @param atMost how long to wait; zero only looks
     * @param groups whose listeners are meant; all of this service if none are named
     * @return whether all of it is handled; false, and still interrupted, if the thread is interrupted meanwhile
     * @throws InboxException within a transaction, which may not see what others commit while it runs; or if there is no such
     *     group
     */
    boolean await(ConsistencyToken token, Duration atMost, String... groups);

    /** Ends the thread that takes out old ids, once the retention has passed. */
    @Override
    void close();

    /**
     * An inbox for tests without a database: ids and parked messages are kept in memory, and forgotten again if a handler
     * throws; what handlers do elsewhere stays.
     *
     * @param json mapper for payloads; unknown fields are ignored
     * @param upcasters steps between versions
     */
    static Inbox inMemory(JsonMapper json, Collection<? extends Upcaster> upcasters) {
        return DefaultInbox.inMemory(json, upcasters);
    }

    /** Starts building an inbox without Spring Boot. */
    static Builder builder() {
        return new DefaultInboxBuilder();
    }

    /** What an inbox needs: the service's database and transaction manager. */
    interface Builder {

        /** Database of the service. Required. */
        Builder dataSource(DataSource dataSource);

        /** Transaction manager of the same {@code DataSource}, the one that the handlers' own work uses. Required. */
        Builder transactionManager(PlatformTransactionManager transactionManager);

        /** Mapper for payloads; by default Jackson's own with the modules on the class path. Unknown fields are ignored. */
        Builder jsonMapper(JsonMapper jsonMapper);

        /** What turns payloads back into JSON; by default they are JSON. */
        Builder payloadCodec(PayloadCodec payloadCodec);

        /** What to do with messages that cannot be handled; {@link InboxSettings#defaults} unless told. */
        Builder settings(InboxSettings settings);

        /**
         * How ids are found that messages bring along, for {@link Idempotent} methods: the id of an argument, or empty if it
         * is not a message of that kind. Spring's {@code Message} is known already.
         */
        Builder messageIds(Function<Object, Optional<String>> messageIds);

        /** Steps from old versions of payloads to newer ones. */
        Builder upcasters(Collection<? extends Upcaster> upcasters);

        /**
         * Where each call of a listener is observed, as {@code freehold.inbox.listener}: a timer where there are meters, and
         * where there is tracing a span in the trace of whoever published the message. By default nowhere.
         */
        Builder observations(ObservationRegistry registry);

        /**
         * Beans with {@link InboxListener} methods that {@link Inbox#await} waits for, beside those of {@link Inbox#consumers}:
         * for a process that reads what consumers elsewhere, or later, handle.
         *
         * @param defaultGroup group of the methods that name none
         * @param beans asked for at the first {@link Inbox#await}
         */
        Builder listeners(String defaultGroup, Supplier<? extends Collection<?>> beans);

        /** How placeholders in topics and groups of {@link InboxListener} are resolved; by default they are not. */
        Builder placeholders(UnaryOperator<String> resolver);

        /**
         * @throws InboxException if something is missing or does not fit together, or if the tables are missing or not
         *     as this version needs them
         */
        Inbox build();
    }
}
