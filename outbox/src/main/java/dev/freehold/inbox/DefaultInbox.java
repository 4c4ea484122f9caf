package dev.freehold.inbox;

import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.PayloadCodec;
import dev.freehold.outbox.internal.Retention;
import dev.freehold.outbox.internal.TransactionManagers;
import io.micrometer.observation.ObservationRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Notes ids in the transaction of their effects, and takes them out when they are old. */
final class DefaultInbox implements Inbox {

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);
    private static final int LONGEST_NAME = 255;

    private final InboxStore store;
    private final TransactionOperations transaction;
    private final JsonMapper json;
    private final PayloadCodec codec;
    private final InboxSettings settings;
    private final UnaryOperator<String> placeholders;
    private final Function<Object, Optional<String>> messageIds;
    private final Upcasters upcasters;
    private final ObservationRegistry observations;
    private final ListenedEvents listened;
    private final WaitingReaders readers;
    private final ConsistentReads reads;
    private final Retention retention;

    private DefaultInbox(Builder chosen, InboxStore store, TransactionOperations transaction) {
        this.store = store;
        this.transaction = transaction;
        this.json = chosen.json
                .rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        this.codec = chosen.codec;
        this.settings = chosen.settings;
        this.placeholders = chosen.placeholders;
        this.messageIds = chosen.messageIds;
        this.upcasters = new Upcasters(chosen.upcasters);
        this.observations = chosen.observations;
        this.listened = new ListenedEvents(() -> methods(chosen.defaultGroup, chosen.listeners.get()));
        this.readers = new WaitingReaders(store);
        this.reads = new ConsistentReads(store, listened, readers, settings.retention(), Clock.systemUTC());
        this.retention = Retention.start("inbox-retention", settings.retention(), this::emptyOldParts);
    }

    static Inbox inMemory(JsonMapper json, Collection<? extends Upcaster> upcasters) {
        Builder builder = new Builder();
        builder.upcasters.addAll(upcasters);
        builder.json = json;
        builder.settings = new InboxSettings(2, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, Duration.ZERO);
        InMemoryInboxStore store = new InMemoryInboxStore();
        return new DefaultInbox(builder, store, store);
    }

    private void emptyOldParts() {
        try {
            int emptied = store.emptyOldParts();
            if (emptied > 0) {
                log.info(
                        "Emptied {} parts of the inbox, all of messages handled more than {} ago",
                        emptied,
                        settings.retention());
            }
        } catch (SQLException | RuntimeException e) { // the ids only stay longer than they must
            log.warn("Old ids could not be taken out of the inbox: {}", e.toString());
        }
    }

    @Override
    public void close() {
        retention.close();
    }

    @Override
    public boolean once(String consumer, String id, Runnable action) {
        checkName("consumer", consumer);
        if (id.isBlank()) {
            throw new InboxException(
                    "The inbox got a blank id for consumer '%s'.".formatted(consumer),
                    "Give it the message's own id: all messages with one id count as one.");
        }
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean first =
                    !store.note(consumer, List.of(MessageIds.of("", id))).isEmpty();
            if (first) {
                action.run();
            }
            return first;
        }));
    }

    @Override
    public List<InboxConsumer> consumers(String defaultGroup, Collection<?> beans) {
        List<ListenerMethod> found = methods(defaultGroup, beans);
        Map<String, List<ListenerMethod>> groups = found.stream()
                .collect(Collectors.groupingBy(ListenerMethod::group, LinkedHashMap::new, Collectors.toList()));
        List<InboxConsumer> consumers = new ArrayList<>();
        groups.forEach((group, methods) -> {
            checkName("group", group);
            consumers.add(new DefaultInboxConsumer(
                    group,
                    methods,
                    store,
                    transaction,
                    new ListenerCalls(group, json, codec, upcasters, observations),
                    settings,
                    readers));
        });
        listened.add(found);
        return consumers;
    }

    private List<ListenerMethod> methods(String defaultGroup, Collection<?> beans) {
        return beans.stream()
                .flatMap(bean -> ListenerMethod.of(bean, defaultGroup, placeholders).stream())
                .toList();
    }

    @Override
    public boolean await(ConsistencyToken token, Duration atMost, String... groups) {
        return reads.await(token, atMost, groups);
    }

    @Override
    public <T> T idempotent(T bean) {
        return IdempotentCalls.in(bean, this, messageIds);
    }

    @Override
    public OutboxTransport transport(Collection<?> beans, OutboxTransport others) {
        ListenerCalls calls = new ListenerCalls(HandlerCalls.CONSUMER, json, codec, upcasters, observations);
        return new HandlerTransport(others, new HandlerCalls(beans, store, transaction, calls));
    }

    static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new InboxException(
                    "The inbox got the %s '%s'.".formatted(what, name),
                    "A %s is a name of 1 to %d characters that stays the same for ever: handled ids are noted under it."
                            .formatted(what, LONGEST_NAME));
        }
        if (name.equals(HandlerCalls.CONSUMER)) {
            throw new InboxException(
                    "The inbox got the %s '%s'.".formatted(what, name),
                    "Give it another name: under this one the calls of @OutboxHandler methods are noted.");
        }
    }

    /** Collects what an inbox needs. */
    static final class Builder implements Inbox.Builder {

        private @Nullable DataSource dataSource;
        private @Nullable PlatformTransactionManager transactionManager;
        private JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        private PayloadCodec codec = PayloadCodec.NONE;
        private InboxSettings settings = InboxSettings.defaults();
        private UnaryOperator<String> placeholders = UnaryOperator.identity();
        private Function<Object, Optional<String>> messageIds = knownToSpring();
        private final List<Upcaster> upcasters = new ArrayList<>();
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private String defaultGroup = "";
        private Supplier<? extends Collection<?>> listeners = List::of;

        @Override
        public Inbox.Builder dataSource(DataSource ownDatabase) {
            this.dataSource = TransactionManagers.unwrap(ownDatabase);
            return this;
        }

        @Override
        public Inbox.Builder transactionManager(PlatformTransactionManager manager) {
            this.transactionManager = manager;
            return this;
        }

        @Override
        public Inbox.Builder jsonMapper(JsonMapper jsonMapper) {
            this.json = jsonMapper;
            return this;
        }

        @Override
        public Inbox.Builder payloadCodec(PayloadCodec payloadCodec) {
            this.codec = payloadCodec;
            return this;
        }

        @Override
        public Inbox.Builder settings(InboxSettings chosen) {
            this.settings = chosen;
            return this;
        }

        private static Function<Object, Optional<String>> knownToSpring() {
            boolean messaging =
                    ClassUtils.isPresent("org.springframework.messaging.Message", DefaultInbox.class.getClassLoader());
            return messaging ? SpringMessageIds::of : argument -> Optional.empty();
        }

        @Override
        public Inbox.Builder messageIds(Function<Object, Optional<String>> others) {
            Function<Object, Optional<String>> known = messageIds;
            this.messageIds = argument -> others.apply(argument).or(() -> known.apply(argument));
            return this;
        }

        @Override
        public Inbox.Builder upcasters(Collection<? extends Upcaster> steps) {
            upcasters.addAll(steps);
            return this;
        }

        @Override
        public Inbox.Builder observations(ObservationRegistry registry) {
            this.observations = registry;
            return this;
        }

        @Override
        public Inbox.Builder placeholders(UnaryOperator<String> resolver) {
            this.placeholders = resolver;
            return this;
        }

        @Override
        public Inbox.Builder listeners(String group, Supplier<? extends Collection<?>> beans) {
            this.defaultGroup = group;
            this.listeners = beans;
            return this;
        }

        @Override
        public Inbox build() {
            if (dataSource == null) {
                throw new InboxException("The inbox has no DataSource.", "Call dataSource(…) with the service's own.");
            }
            if (transactionManager == null) {
                throw new InboxException(
                        "The inbox has no transaction manager.", "Call transactionManager(…) with the service's own.");
            }
            if (TransactionManagers.dataSourceOf(transactionManager) != dataSource) {
                throw new InboxException(
                        "The inbox's transaction manager does not work on its DataSource.",
                        "Give both the same DataSource bean: ids are noted in the transaction of their effects.");
            }
            return on(InboxTables.store(dataSource, settings.retention()), transactionManager);
        }

        /** With that store of its database. */
        Inbox on(InboxStore store, PlatformTransactionManager manager) {
            TransactionTemplate transaction = new TransactionTemplate(manager);
            transaction.setIsolationLevel(store.isolation());
            return new DefaultInbox(this, store, transaction);
        }
    }
}
