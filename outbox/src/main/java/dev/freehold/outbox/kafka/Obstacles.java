package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Knows what stands against an event: before it is sent, as far as the topic tells, and after it was refused, so that the next one
 * of its size is not. A topic that stands in the way is asked again, at most once a second. Used by all sessions of a transport.
 */
final class Obstacles {

    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    /** A producer's interceptors may have made that one record larger than the next ones, so the broker is tried again. */
    private static final long FORGET_REFUSAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final KafkaBroker broker;
    private final RecordSizes sizes;
    private final boolean compresses;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    Obstacles(KafkaBroker broker, CloudEventRecords records, Map<String, Object> producerProperties) {
        this.broker = broker;
        this.sizes = new RecordSizes(records);
        this.compresses = !"none"
                .equals(String.valueOf(
                        producerProperties.getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none")));
    }

    Optional<String> to(StoredEvent event) {
        Topic known = topics.computeIfAbsent(event.topic(), this::ask);
        Optional<String> obstacle = obstacle(event, known);
        if (obstacle.isPresent() && known.isOld()) {
            Topic present = ask(event.topic()).afterwards(known);
            topics.put(event.topic(), present);
            return obstacle(event, present);
        }
        return obstacle;
    }

    private Topic ask(String topic) {
        return new Topic(broker.largestBatch(topic).orElse(null), Refusal.NONE, System.nanoTime());
    }

    private Optional<String> obstacle(StoredEvent event, Topic topic) {
        Integer largest = topic.largestBatch();
        if (largest == null) {
            return Optional.of(
                    "Kafka has no topic '%s'. Create it, for example by a bean: TopicBuilder.name(\"%s\").partitions(…).build(); publishing goes on by itself."
                            .formatted(event.topic(), event.topic()));
        }
        if (compresses || sizes.isSurelyBelow(Math.min(largest, topic.refusal().from()), event)) {
            return Optional.empty();
        }
        int size = sizes.of(event);
        if (size > largest) {
            return Optional.of(
                    "It takes %d bytes, and topic '%s' takes %d. Raise the topic's max.message.bytes; publishing goes on by itself."
                            .formatted(size, event.topic(), largest));
        }
        if (size >= topic.refusal().from()) {
            return Optional.of(
                    "It takes %d bytes, which topic '%s' has refused. Raise the topic's max.message.bytes; publishing goes on by itself."
                            .formatted(size, event.topic()));
        }
        return Optional.empty();
    }

    /**
     * The first failure of a session, with the event that it is about, if it is about the event and not about the broker or the
     * connection.
     */
    Throwable about(StoredEvent event, Throwable failure) {
        boolean refused = failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException
                || failure instanceof CorruptRecordException
                || failure instanceof InvalidTopicException
                || failure instanceof PolicyViolationException
                || failure instanceof TopicAuthorizationException
                || failure instanceof UnknownTopicOrPartitionException
                || failure instanceof UnsupportedForMessageFormatException;
        if (failure instanceof RecordTooLargeException && !compresses) {
            Refusal refusal = new Refusal(sizes.of(event), System.nanoTime());
            topics.computeIfPresent(event.topic(), (name, known) -> known.refusing(refusal));
        }
        return refused ? new OutboxTransport.Refused(event, String.valueOf(failure.getMessage()), failure) : failure;
    }

    /** What is known of a topic, and since when; without a limit it is missing. */
    private record Topic(@Nullable Integer largestBatch, Refusal refusal, long since) {

        Topic refusing(Refusal another) {
            return new Topic(largestBatch, another.from() < refusal.from() ? another : refusal, since);
        }

        /** What it refused holds for a while, if its limit is the same. */
        Topic afterwards(Topic before) {
            boolean holds = Objects.equals(largestBatch, before.largestBatch) && !before.refusal.isOld();
            return holds ? refusing(before.refusal) : this;
        }

        boolean isOld() {
            return System.nanoTime() - since > ASK_AGAIN_NANOS;
        }
    }

    /** The size from which records are refused, and when that was seen. */
    private record Refusal(int from, long at) {

        static final Refusal NONE = new Refusal(Integer.MAX_VALUE, 0);

        boolean isOld() {
            return System.nanoTime() - at > FORGET_REFUSAL_NANOS;
        }
    }
}
