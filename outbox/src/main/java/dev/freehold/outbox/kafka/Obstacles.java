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

    private final KafkaBroker broker;
    private final boolean compresses;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    Obstacles(KafkaBroker broker, Map<String, Object> producerProperties) {
        this.broker = broker;
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
        return new Topic(broker.largestBatch(topic).orElse(null), Integer.MAX_VALUE, System.nanoTime());
    }

    private Optional<String> obstacle(StoredEvent event, Topic topic) {
        Integer largest = topic.largestBatch();
        if (largest == null) {
            return Optional.of(
                    "Kafka has no topic '%s'. Create it, for example by a bean: TopicBuilder.name(\"%s\").partitions(…).build(); publishing goes on by itself."
                            .formatted(event.topic(), event.topic()));
        }
        int atLeast = atLeast(event);
        if (atLeast >= topic.refusedFrom()) {
            return Optional.of(
                    "It has more than %d bytes, which topic '%s' has refused. Raise the topic's max.message.bytes; publishing goes on by itself."
                            .formatted(atLeast, event.topic()));
        }
        if (atLeast > largest && !compresses) {
            return Optional.of(
                    "It has more than %d bytes, and topic '%s' takes %d. Raise the topic's max.message.bytes; publishing goes on by itself."
                            .formatted(atLeast, event.topic(), largest));
        }
        return Optional.empty();
    }

    /** Without its headers: close to the limit the broker decides. */
    private static int atLeast(StoredEvent event) {
        byte[] payload = event.payload();
        return (payload == null ? 0 : payload.length) + event.key().length();
    }

    /** A failure with the event that it is about, if it is about the event and not about the broker or the connection. */
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
            topics.computeIfPresent(event.topic(), (name, known) -> known.refusing(atLeast(event)));
        }
        return refused ? new OutboxTransport.Refused(event, String.valueOf(failure.getMessage()), failure) : failure;
    }

    /** What is known of a topic, and since when; without a limit it is missing. */
    private record Topic(@Nullable Integer largestBatch, int refusedFrom, long since) {

        Topic refusing(int bytes) {
            return new Topic(largestBatch, Math.min(refusedFrom, bytes), since);
        }

        /** What it refused holds as long as its limit is the same. */
        Topic afterwards(Topic before) {
            return Objects.equals(largestBatch, before.largestBatch) ? refusing(before.refusedFrom) : this;
        }

        boolean isOld() {
            return System.nanoTime() - since > ASK_AGAIN_NANOS;
        }
    }
}
