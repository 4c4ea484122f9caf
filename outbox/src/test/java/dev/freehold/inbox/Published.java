package dev.freehold.inbox;

import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.StoredEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** What another service has published: the token that its client has got, and the messages that are on their way. */
record Published(ConsistencyToken token, List<InboxMessage> messages) {

    @OutboxEvent(type = "orders.booked", topic = "orders")
    record Booked(@EventKey String order, String text) {}

    @OutboxEvent(type = "orders.cancelled", topic = "orders")
    record Cancelled(@EventKey String order) {}

    static Published of(Object... events) {
        List<StoredEvent> stored = new ArrayList<>();
        Outbox outbox = Outbox.inMemory(JsonMapper.shared(), stored::add);
        try (CommittedEvents committed = CommittedEvents.record()) {
            for (Object event : events) {
                outbox.publish(event);
            }
            ConsistencyToken asItArrives =
                    ConsistencyToken.parse(committed.token().toString());
            return new Published(
                    asItArrives, stored.stream().map(Published::message).toList());
        }
    }

    static Published booked(String order, String text) {
        return of(new Booked(order, text));
    }

    static InboxMessage message(StoredEvent event) {
        return new InboxMessage(
                new EventContext(
                        event.id(),
                        event.type(),
                        event.version(),
                        "/orders",
                        event.key(),
                        event.time(),
                        event.topic(),
                        0,
                        0,
                        Map.of()),
                event.payload());
    }

    /** The token of one event, had it another id. */
    ConsistencyToken withId(UUID id) {
        byte[] event = Base64.getUrlDecoder().decode(token.toString().substring(ConsistencyToken.KIND.length()));
        ByteBuffer.wrap(event).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ConsistencyToken.parse(
                ConsistencyToken.KIND + Base64.getUrlEncoder().withoutPadding().encodeToString(event));
    }

    /** Version 7. */
    static UUID idMadeAt(long epochMillis) {
        UUID random = UUID.randomUUID();
        return new UUID(
                epochMillis << 16 | 0x7000L | random.getMostSignificantBits() & 0xfffL,
                random.getLeastSignificantBits());
    }
}
