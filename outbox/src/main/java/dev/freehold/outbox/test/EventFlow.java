package dev.freehold.outbox.test;

import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.inbox.ParkedMessage;
import dev.freehold.inbox.Upcaster;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.StoredEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The way of events from publishers to listeners, in memory: no database, no broker, no waiting. Events are serialized and
 * read again as in production, listeners are checked, called once for each event, and their failures park keys. What is not
 * there is the transaction: effects of a listener that throws stay.
 *
 * <p>Give {@link #outbox} to what publishes and the listeners' beans to {@link #listeners}, and call {@link #deliver}. Not
 * thread-safe.
 */
public final class EventFlow {

    private static final String GROUP = "event-flow";
    private static final int MOST_PARKED = 1_000;

    private final JsonMapper json;
    private final Outbox outbox;
    private final Inbox inbox;
    private final List<InboxMessage> messages = new ArrayList<>();
    private final List<StoredEvent> published = new ArrayList<>();
    private final Map<InboxConsumer, Integer> delivered = new LinkedHashMap<>();
    private boolean duplicating;
    private @Nullable Random shuffling;

    private EventFlow(JsonMapper json, List<Upcaster> upcasters) {
        this.json = json.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        this.outbox = Outbox.inMemory(json, this::add);
        this.inbox = Inbox.inMemory(json, upcasters);
    }

    /** A flow with Jackson's own mapper and the modules on the class path. */
    public static EventFlow create() {
        return create(JsonMapper.builder().findAndAddModules().build());
    }

    /** A flow with a mapper of your own, such as that of your application, and its upcasters. */
    public static EventFlow create(JsonMapper json, Upcaster... upcasters) {
        return new EventFlow(json, List.of(upcasters));
    }

    /** The outbox to give to what publishes. */
    public Outbox outbox() {
        return outbox;
    }

    /** The inbox to give to what reads: {@link Inbox#await} knows what {@link #deliver} has handed over. */
    public Inbox inbox() {
        return inbox;
    }

    /**
     * Adds objects with {@code @InboxListener} methods.
     *
     * @throws dev.freehold.inbox.InboxException if one is declared wrongly
     */
    public EventFlow listeners(Object... beans) {
        inbox.consumers(GROUP, List.of(beans)).forEach(consumer -> delivered.put(consumer, 0));
        return this;
    }

    /** From now on every message is delivered a second time, after others. */
    public EventFlow duplicating() {
        duplicating = true;
        return this;
    }

    /** From now on messages of different keys arrive in any order; those of a key in theirs, as with a broker. */
    public EventFlow shuffling(long seed) {
        shuffling = new Random(seed);
        return this;
    }

    /**
     * Adds a message of another service.
     *
     * @param payload what becomes JSON; null for a tombstone
     */
    public EventFlow send(String topic, String type, String key, @Nullable Object payload) {
        return send(topic, type, 1, key, payload);
    }

    /** Adds a message of another service, of that schema version. */
    public EventFlow send(String topic, String type, int version, String key, @Nullable Object payload) {
        byte[] bytes = payload == null ? null : json.writeValueAsBytes(payload);
        return send(Messages.stored(topic, type, version, key, bytes));
    }

    /** Adds a message of another service, or once more one that was published: it has the same id then. */
    public EventFlow send(StoredEvent event) {
        messages.add(Messages.of(event, messages.size()));
        return this;
    }

    private void add(StoredEvent event) {
        published.add(event);
        send(event);
    }

    /**
     * Hands over what was published and sent and what listeners publish meanwhile, until nothing is left.
     *
     * @return how many messages that were, of all groups
     * @throws IllegalStateException if a listener failed, with the cause; {@link #deliverAndPark} lets it
     */
    public int deliver() {
        int before = parked().size();
        int count = deliverAndPark();
        List<ParkedMessage> parked = parked();
        if (parked.size() > before) {
            ParkedMessage first = parked.get(before);
            throw new IllegalStateException("A listener failed for type '%s', key '%s': %s"
                    .formatted(
                            first.message().context().type(),
                            first.message().context().key(),
                            first.cause()));
        }
        return count;
    }

    /** As {@link #deliver}, and what listeners cannot handle is {@link #parked}, as in production. */
    public int deliverAndPark() {
        int count = 0;
        boolean some = true;
        while (some) {
            some = false;
            for (InboxConsumer consumer : delivered.keySet()) {
                int handed = deliver(consumer);
                count += handed;
                some |= handed > 0;
            }
        }
        return count;
    }

    private int deliver(InboxConsumer consumer) {
        int from = delivered.getOrDefault(consumer, 0);
        List<InboxMessage> fresh = messages.subList(from, messages.size()).stream()
                .filter(message -> consumer.topics().contains(message.context().topic()))
                .toList();
        delivered.put(consumer, messages.size());
        if (!fresh.isEmpty()) {
            List<InboxMessage> batch = shuffling == null ? fresh : Messages.shuffled(fresh, shuffling);
            consumer.handle(batch);
            if (duplicating) {
                consumer.handle(batch);
            }
        }
        return fresh.size();
    }

    /** Everything that was published, in order. */
    public List<StoredEvent> published() {
        return List.copyOf(published);
    }

    /**
     * The published events of a class, read from their JSON.
     *
     * @param event class with {@code @OutboxEvent}
     */
    public <T> List<T> published(Class<T> event) {
        OutboxEvent declared = event.getAnnotation(OutboxEvent.class);
        if (declared == null) {
            throw new IllegalArgumentException(event.getName() + " has no @OutboxEvent");
        }
        return published.stream()
                .filter(stored -> stored.type().equals(declared.type()) && stored.version() == declared.version())
                .map(stored -> json.readValue(stored.payload(), event))
                .toList();
    }

    /** What listeners could not handle, and what waits behind it. */
    public List<ParkedMessage> parked() {
        return delivered.keySet().stream()
                .flatMap(consumer -> consumer.parked(MOST_PARKED).stream())
                .toList();
    }

    /** Hands parked messages of a key over again, in all groups; returns how many were handled. */
    public int replay(String key) {
        return delivered.keySet().stream()
                .mapToInt(consumer -> consumer.replay(key))
                .sum();
    }
}
