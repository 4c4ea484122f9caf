package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the broker what a producer cannot. */
final class KafkaBroker implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 3;

    private final Map<String, Object> properties = new HashMap<>();
    private @Nullable Admin admin;

    KafkaBroker(Map<String, ?> clientProperties) {
        AdminClientConfig.configNames().stream()
                .filter(clientProperties::containsKey)
                .forEach(name -> properties.put(name, clientProperties.get(name)));
        properties.remove(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG);
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties);
        }
        return admin;
    }

    /** Finds out by name that a topic is missing; the producer would block for its time and say less. */
    void requireTopic(String topic) {
        try {
            get(admin().describeTopics(List.of(topic)).allTopicNames());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownTopicOrPartitionException
                    ? missing(topic)
                    : unreachable("topic '%s'".formatted(topic), e);
        } catch (TimeoutException e) {
            throw unreachable("topic '%s'".formatted(topic), e);
        }
    }

    /** The offsets that a group has committed, those of transactions that have ended. */
    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try {
            return get(
                    admin().listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                            .partitionsToOffsetAndMetadata());
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable("group '%s'".formatted(group), e);
        }
    }

    private static <T> T get(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }

    private static OutboxException missing(String topic) {
        return new OutboxException(
                "Kafka has no topic '%s', so the outbox waits.".formatted(topic),
                "Create it, for example by a bean: TopicBuilder.name(\"%s\").partitions(…).build(); publishing goes on by itself."
                        .formatted(topic));
    }

    private static OutboxException unreachable(String what, Exception cause) {
        return new OutboxException(
                "Kafka does not answer for %s, so the outbox waits.".formatted(what),
                "Check spring.kafka.bootstrap-servers and the brokers; publishing goes on by itself.",
                cause);
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }
}
