package dev.freehold.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events of committed transactions that a reader should have seen. Who writes gives it to its client, and the client shows it
 * to the services that it reads from next: {@code dev.freehold.inbox.Inbox.await} tells whether they have handled these events.
 * {@link CommittedEvents} makes it.
 *
 * <p>It holds 64 events at most. One of more is <i>overflowing</i>: it holds none, and no service that listens to anything has
 * ever handled all of it. So a read with it is told that it may be stale.
 *
 * <p>The text is {@code e1.} and 20 bytes for each event in base64url without padding: the event's id, and a hash of its topic
 * and type, by which a service knows whether it listens to that event at all. Two of these may have the same hash: then a service
 * waits for an event that it never gets, and says "stale" where it need not; never the other way round. Immutable.
 */
public final class ConsistencyToken {

    static final int MOST_EVENTS = 64;

    /** What each text of this kind begins with. */
    public static final String KIND = "e1.";

    private static final String MORE = "*";
    private static final int EVENT_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** Of any kind of token, and of any version of this one. */
    private static final Pattern TOKEN = Pattern.compile("[a-z][0-9]+\\..*");

    private static final Pattern OTHER_VERSION = Pattern.compile("e[0-9]+\\..*");

    private static final ConsistencyToken EMPTY = new ConsistencyToken(List.of(), false);
    private static final ConsistencyToken OVERFLOWING = new ConsistencyToken(List.of(), true);

    private final List<Event> events;
    private final boolean overflowing;

    private ConsistencyToken(List<Event> events, boolean overflowing) {
        this.events = events;
        this.overflowing = overflowing;
    }

    private static ConsistencyToken of(Stream<Event> all) {
        List<Event> events = all.distinct().sorted().toList();
        if (events.isEmpty()) {
            return EMPTY;
        }
        return events.size() > MOST_EVENTS ? OVERFLOWING : new ConsistencyToken(events, false);
    }

    static ConsistencyToken of(Collection<StoredEvent> committed) {
        return of(committed.stream().map(event -> new Event(event.id(), routeOf(event.topic(), event.type()))));
    }

    /**
     * Reads what a header holds: a token's text, or several with commas between them, which become one. Texts of other kinds
     * ({@code p1.…}) are passed over. A later version of this kind, which cannot be read, is overflowing.
     *
     * @param text blank for an empty token
     * @throws IllegalArgumentException if it holds anything else
     */
    public static ConsistencyToken parse(String text) {
        ConsistencyToken all = EMPTY;
        for (String one : text.split(",", -1)) {
            all = all.and(parsed(one.strip()));
        }
        return all;
    }

    private static ConsistencyToken parsed(String text) {
        if (text.startsWith(KIND)) {
            String events = text.substring(KIND.length());
            return events.equals(MORE) ? OVERFLOWING : decoded(events);
        }
        if (OTHER_VERSION.matcher(text).matches()) {
            return OVERFLOWING;
        }
        if (!text.isEmpty() && !TOKEN.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a consistency token begins with its kind, such as '%s'; this one does not".formatted(KIND));
        }
        return EMPTY;
    }

    private static ConsistencyToken decoded(String text) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a consistency token is base64url behind '%s'; this one is not".formatted(KIND), e);
        }
        int length = bytes.remaining();
        if (length % EVENT_BYTES != 0 || length > MOST_EVENTS * EVENT_BYTES) {
            throw new IllegalArgumentException(
                    "a consistency token has %d bytes for each of at most %d events, was %d bytes"
                            .formatted(EVENT_BYTES, MOST_EVENTS, length));
        }
        return of(Stream.generate(() -> new Event(new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt()))
                .limit(length / EVENT_BYTES));
    }

    /** Whether there is nothing to be seen. */
    public boolean isEmpty() {
        return events.isEmpty() && !overflowing;
    }

    /** Whether there were more events than a token holds; then it holds none. */
    public boolean isOverflowing() {
        return overflowing;
    }

    /** Ids of its events that are of that topic and type; and, seldom, of others that have the same hash. */
    public Set<UUID> events(String topic, String type) {
        int route = routeOf(topic, type);
        return events.stream()
                .filter(event -> event.route() == route)
                .map(Event::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The events of both, which may be overflowing though neither of them was. */
    public ConsistencyToken and(ConsistencyToken other) {
        if (overflowing || other.overflowing) {
            return OVERFLOWING;
        }
        return of(Stream.concat(events.stream(), other.events.stream()));
    }

    /** 32-bit FNV-1a (Fowler, Noll, Vo). Tokens are on their way while services change, so it stays the same for ever. */
    private static int routeOf(String topic, String type) {
        int hash = 0x811c9dc5;
        for (byte b : (topic + '\0' + type).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConsistencyToken token
                && token.overflowing == overflowing
                && token.events.equals(events);
    }

    @Override
    public int hashCode() {
        return 31 * events.hashCode() + Boolean.hashCode(overflowing);
    }

    /** The text that {@link #parse} reads; at most 1,710 characters, which any header may have. */
    @Override
    public String toString() {
        if (overflowing) {
            return KIND + MORE;
        }
        ByteBuffer bytes = ByteBuffer.allocate(events.size() * EVENT_BYTES);
        for (Event event : events) {
            bytes.putLong(event.id().getMostSignificantBits())
                    .putLong(event.id().getLeastSignificantBits())
                    .putInt(event.route());
        }
        return KIND + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * One event.
     *
     * @param route hash of topic and type
     */
    private record Event(UUID id, int route) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byId = id.compareTo(other.id);
            return byId != 0 ? byId : Integer.compare(route, other.route);
        }
    }
}
