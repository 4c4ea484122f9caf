package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the broker what a producer cannot. */
final class KafkaBroker implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 3;
    private static final String ANY_TOPIC = "freehold-outbox";
    private static final Config NO_CONFIG = new Config(List.of());

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

    /**
     * Largest batch that a topic takes, as far as the broker tells: a secured one may not, then there is no limit known.
     *
     * @return empty if there is no such topic
     */
    Optional<Integer> largestBatch(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            ConfigEntry limit = get(admin().describeConfigs(List.of(resource)).all())
                    .getOrDefault(resource, NO_CONFIG)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return Optional.of(limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit.value()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            if (e.getCause() instanceof AuthorizationException) {
                return exists(topic) ? Optional.of(Integer.MAX_VALUE) : Optional.empty();
            }
            throw unreachable("topic '%s'".formatted(topic), e);
        } catch (TimeoutException e) {
            throw unreachable("topic '%s'".formatted(topic), e);
        }
    }

    private boolean exists(String topic) {
        try {
            get(admin().describeTopics(List.of(topic)).allTopicNames());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw unreachable("topic '%s'".formatted(topic), e);
        } catch (TimeoutException e) {
            throw unreachable("topic '%s'".formatted(topic), e);
        }
    }

    /**
     * How long a topic keeps messages; zero for ever. Empty if the broker does not tell, if there is no such topic, or if it
     * keeps the last message of each key only.
     */
    Optional<Duration> retention(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config =
                    get(admin().describeConfigs(List.of(resource)).all()).getOrDefault(resource, NO_CONFIG);
            ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            ConfigEntry retention = config.get(TopicConfig.RETENTION_MS_CONFIG);
            if (retention == null || (policy != null && !policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE))) {
                return Optional.empty();
            }
            return Optional.of(Duration.ofMillis(Math.max(0, Long.parseLong(retention.value()))));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException
                    || e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unreachable("topic '%s'".formatted(topic), e);
        } catch (TimeoutException e) {
            throw unreachable("topic '%s'".formatted(topic), e);
        }
    }

    /** Asks what will be asked first, of whatever topic: a first question takes a third of a second. */
    void prepare() {
        var unused = largestBatch(ANY_TOPIC);
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
