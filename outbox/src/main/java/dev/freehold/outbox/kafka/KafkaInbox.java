package dev.freehold.outbox.kafka;

import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxException;
import dev.freehold.inbox.InboxMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Reads topics for the inbox: one Spring Kafka listener container per group, in batch mode. Offsets are committed after
 * the batch's transaction, so a message is delivered again rather than lost, and the inbox passes it over.
 */
public final class KafkaInbox implements SmartLifecycle {

    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;

    private final Supplier<Map<String, ?>> properties;
    private final Supplier<Collection<InboxConsumer>> found;
    private final int concurrency;
    private final List<InboxConsumer> consumers = new ArrayList<>();
    private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers = new ArrayList<>();
    private boolean built;

    /**
     * @param properties Kafka's consumer properties: connection, security, tuning; group, deserializers, auto-commit and
     *     isolation are set here
     * @param consumers what to hand the messages to, each with a group of its own
     * @param concurrency threads for each group, at least 1; more than there are partitions lie idle
     */
    public KafkaInbox(Map<String, ?> properties, Collection<InboxConsumer> consumers, int concurrency) {
        this(() -> properties, () -> consumers, concurrency);
        build();
    }

    /**
     * As the other, and asks for properties and consumers when it is started or first asked for a consumer; for the
     * properties only if there are consumers.
     */
    public KafkaInbox(
            Supplier<Map<String, ?>> properties, Supplier<Collection<InboxConsumer>> consumers, int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, was " + concurrency);
        }
        this.properties = properties;
        this.found = consumers;
        this.concurrency = concurrency;
    }

    private synchronized void build() {
        if (built) {
            return;
        }
        consumers.addAll(found.get());
        for (InboxConsumer consumer : consumers) {
            containers.add(container(properties.get(), consumer, concurrency));
        }
        built = true;
    }

    private static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            Map<String, ?> properties, InboxConsumer consumer, int concurrency) {
        if (consumer.topics().isEmpty()) {
            throw new InboxException(
                    "Group '%s' has no listeners.".formatted(consumer.group()),
                    "Give it beans with @InboxListener methods of that group.");
        }
        ContainerProperties container =
                new ContainerProperties(consumer.topics().toArray(String[]::new));
        container.setGroupId(consumer.group());
        container.setAckMode(ContainerProperties.AckMode.BATCH);
        container.setMessageListener(listener(consumer));
        ConcurrentMessageListenerContainer<byte[], byte[]> made = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        consumerProperties(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                container);
        made.setConcurrency(concurrency);
        made.setBeanName("freehold-inbox-" + consumer.group());
        made.setCommonErrorHandler(untilItWorks());
        return made;
    }

    private static BatchMessageListener<byte[], byte[]> listener(InboxConsumer consumer) {
        return batch -> {
            List<InboxMessage> messages = new ArrayList<>(batch.size());
            for (ConsumerRecord<byte[], byte[]> read : batch) {
                messages.add(InboxMessages.of(read));
            }
            consumer.handle(messages);
        };
    }

    private static Map<String, Object> consumerProperties(Map<String, ?> users) {
        Map<String, Object> properties = new HashMap<>(users);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        properties.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        return properties;
    }

    /** What gets here is not a message's fault: the database is away. The same batch is delivered again, for ever. */
    private static DefaultErrorHandler untilItWorks() {
        ExponentialBackOff backOff = new ExponentialBackOff(FIRST_BACKOFF_MILLIS, 2);
        backOff.setMaxInterval(LONGEST_BACKOFF_MILLIS);
        DefaultErrorHandler handler = new DefaultErrorHandler(backOff);
        handler.setClassifications(Map.of(), true);
        handler.setReclassifyOnExceptionChange(false);
        return handler;
    }

    /** The consumers of all groups. */
    public List<InboxConsumer> consumers() {
        build();
        return List.copyOf(consumers);
    }

    /** The consumer of a group, for looking at its parked keys and replaying them. */
    public Optional<InboxConsumer> consumer(String group) {
        build();
        return consumers.stream()
                .filter(consumer -> consumer.group().equals(group))
                .findFirst();
    }

    /**
     * Starts the consumers.
     *
     * @throws InboxException if a topic keeps messages for longer than the inbox their ids
     */
    @Override
    public void start() {
        build();
        if (!consumers.isEmpty()) {
            TopicRetention.check(properties.get(), consumers);
        }
        containers.forEach(ConcurrentMessageListenerContainer::start);
    }

    @Override
    public void stop() {
        containers.forEach(ConcurrentMessageListenerContainer::stop);
    }

    @Override
    public boolean isRunning() {
        return containers.stream().anyMatch(ConcurrentMessageListenerContainer::isRunning);
    }
}
