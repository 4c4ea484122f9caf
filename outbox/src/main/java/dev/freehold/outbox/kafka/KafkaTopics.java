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
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the broker for topics, so that a missing one is told by name instead of blocking the producer for a minute. */
final class KafkaTopics implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 3;

    private final Map<String, Object> properties = new HashMap<>();
    private @Nullable Admin admin;

    KafkaTopics(Map<String, ?> clientProperties) {
        AdminClientConfig.configNames().stream()
                .filter(clientProperties::containsKey)
                .forEach(name -> properties.put(name, clientProperties.get(name)));
        properties.remove(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG);
    }

    void require(String topic) {
        if (admin == null) {
            admin = Admin.create(properties);
        }
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownTopicOrPartitionException ? missing(topic) : unreachable(topic, e);
        } catch (TimeoutException e) {
            throw unreachable(topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(topic, e);
        }
    }

    private static OutboxException missing(String topic) {
        return new OutboxException(
                "Kafka has no topic '%s', so the outbox waits.".formatted(topic),
                "Create it, for example by a bean: TopicBuilder.name(\"%s\").partitions(…).build(); publishing goes on by itself."
                        .formatted(topic));
    }

    private static OutboxException unreachable(String topic, Exception cause) {
        return new OutboxException(
                "Kafka does not answer for topic '%s', so the outbox waits.".formatted(topic),
                "Check spring.kafka.bootstrap-servers and the brokers; publishing goes on by itself.",
                cause);
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }
}
