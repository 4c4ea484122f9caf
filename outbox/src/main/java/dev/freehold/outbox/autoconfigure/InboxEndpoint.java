package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxStatus;
import dev.freehold.inbox.ParkedMessage;
import dev.freehold.outbox.kafka.KafkaInbox;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/inbox}: what each group of this instance has handled, what is parked, and an operator's means against it. */
@Endpoint(id = "inbox")
final class InboxEndpoint {

    private static final int DEFAULT_LIMIT = 100;

    private final KafkaInbox inbox;

    InboxEndpoint(KafkaInbox inbox) {
        this.inbox = inbox;
    }

    /** Every group. */
    @ReadOperation
    Map<String, Group> groups() {
        Map<String, Group> groups = new TreeMap<>();
        inbox.consumers().forEach(consumer -> groups.put(consumer.group(), Group.of(consumer)));
        return groups;
    }

    /** The parked messages of a group, with their payloads if told so. */
    @ReadOperation
    List<Parked> parked(@Selector String group, @Nullable Integer limit, @Nullable Boolean payload) {
        return consumer(group).parked(limit == null ? DEFAULT_LIMIT : limit).stream()
                .map(parked -> Parked.of(parked, Boolean.TRUE.equals(payload)))
                .toList();
    }

    /** Either {@code replay} of a key, or {@code discard} of the message with an id. */
    @WriteOperation
    Map<String, Integer> operate(
            @Selector String group, @Selector String operation, @Nullable String key, @Nullable UUID id) {
        return switch (operation) {
            case "replay" -> Map.of("handled", replay(consumer(group), key));
            case "discard" -> Map.of("discarded", discard(consumer(group), id));
            default -> throw Refusals.of("There is no operation '%s'.".formatted(operation), "Use replay or discard.");
        };
    }

    private static int replay(InboxConsumer consumer, @Nullable String key) {
        if (key == null) {
            throw Refusals.of("key is missing.", "Name the key whose messages to replay.");
        }
        try {
            return consumer.replay(key);
        } catch (RuntimeException e) { // a listener's, which the operator is to see
            throw Refusals.of(
                    "A message of key '%s' failed again: %s".formatted(key, e.getCause() == null ? e : e.getCause()),
                    "It stays parked, with those behind it; mend the cause, or discard it.");
        }
    }

    private static int discard(InboxConsumer consumer, @Nullable UUID id) {
        if (id == null) {
            throw Refusals.of("id is missing.", "Name the id of the message to discard.");
        }
        return consumer.discard(id) ? 1 : 0;
    }

    private InboxConsumer consumer(String group) {
        return inbox.consumer(group)
                .orElseThrow(() -> Refusals.of(
                        "There is no group '%s' here.".formatted(group), "Groups are " + groups().keySet() + "."));
    }

    /**
     * What is told of a group.
     *
     * @param topics what it listens to
     * @param status what this instance has done of it
     * @param parkedKeys keys that are parked, of all instances
     */
    record Group(List<String> topics, InboxStatus status, List<String> parkedKeys) {

        static Group of(InboxConsumer consumer) {
            return new Group(consumer.topics().stream().sorted().toList(), consumer.status(), consumer.parkedKeys());
        }
    }

    /** A parked message as it is listed. */
    record Parked(
            UUID id,
            String topic,
            String key,
            String type,
            int version,
            Instant time,
            String cause,
            Instant parkedAt,
            @Nullable String payload) {

        static Parked of(ParkedMessage parked, boolean withPayload) {
            EventContext context = parked.message().context();
            byte[] payload = parked.message().payload();
            return new Parked(
                    context.id(),
                    context.topic(),
                    context.key(),
                    context.type(),
                    context.version(),
                    context.time(),
                    parked.cause(),
                    parked.parkedAt(),
                    withPayload && payload != null ? new String(payload, StandardCharsets.UTF_8) : null);
        }
    }
}
