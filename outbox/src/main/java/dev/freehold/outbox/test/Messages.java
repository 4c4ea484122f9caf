package dev.freehold.outbox.test;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.outbox.StoredEvent;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as consumers get them. */
final class Messages {

    private static final Clock CLOCK = Clock.systemUTC();

    private Messages() {}

    static StoredEvent stored(String topic, String type, int version, String key, byte @Nullable [] payload) {
        return new StoredEvent(UUID.randomUUID(), topic, key, type, version, payload, null, CLOCK.instant());
    }

    static InboxMessage of(StoredEvent event, long offset) {
        return new InboxMessage(
                new EventContext(
                        event.id(),
                        event.type(),
                        event.version(),
                        "/event-flow",
                        event.key(),
                        event.time(),
                        event.topic(),
                        0,
                        offset,
                        Map.of()),
                event.payload());
    }

    /** In any order, but for those of a key of a topic. */
    static List<InboxMessage> shuffled(List<InboxMessage> messages, Random random) {
        Map<String, Deque<InboxMessage>> byKey = new LinkedHashMap<>();
        for (InboxMessage message : messages) {
            String key = message.context().topic() + " " + message.context().key();
            byKey.computeIfAbsent(key, any -> new ArrayDeque<>()).add(message);
        }
        List<Deque<InboxMessage>> waiting = new ArrayList<>(byKey.values());
        List<InboxMessage> shuffled = new ArrayList<>(messages.size());
        while (!waiting.isEmpty()) {
            int next = random.nextInt(waiting.size());
            shuffled.add(waiting.get(next).remove());
            if (waiting.get(next).isEmpty()) {
                waiting.remove(next);
            }
        }
        return shuffled;
    }
}
