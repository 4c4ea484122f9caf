package dev.freehold.inbox;

import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.PayloadCodec;
import dev.freehold.outbox.internal.Retention;
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
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;
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

    DefaultInbox(DefaultInboxBuilder chosen, InboxStore store, TransactionOperations transaction) {
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
        DefaultInboxBuilder builder = new DefaultInboxBuilder();
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
}
