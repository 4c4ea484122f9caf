package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** The independent consumer: reads the topic in a thread of its own, committed records only, as soon as they are there. */
final class Receiver implements Runnable, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Receipts receipts;
    private final Thread thread = new Thread(this, "receiver");
    private volatile long lastProgress = System.nanoTime();
    private volatile boolean running = true;
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable Runnable onNext;

    private Receiver(KafkaConsumer<String, byte[]> consumer, Receipts receipts) {
        this.consumer = consumer;
        this.receipts = receipts;
    }

    static Receiver start(Surroundings surroundings, Receipts receipts) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        surroundings.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2000),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, Servers.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(surroundings.topic(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Receiver receiver = new Receiver(consumer, receipts);
        receiver.thread.start();
        return receiver;
    }

    /** Has something run once, when the next record comes, before it is counted. */
    void whenNextArrives(Runnable action) {
        onNext = action;
    }

    @Override
    public void run() {
        try (consumer) {
            while (running) {
                receive();
            }
        } catch (WakeupException end) {
            // close() woke it up
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void receive() {
        var records = consumer.poll(Duration.ofSeconds(1));
        long now = System.nanoTime();
        if (records.isEmpty()) {
            return;
        }
        Runnable action = onNext;
        if (action != null) {
            onNext = null;
            action.run();
        }
        for (ConsumerRecord<String, byte[]> record : records) {
            receipts.add(Math.toIntExact(Order.numberIn(record.value())), now);
        }
        lastProgress = System.nanoTime();
    }

    /** Waits until so many different events have come; gives up when none has come for a while. */
    void await(int distinct) throws InterruptedException {
        lastProgress = System.nanoTime();
        while (receipts.distinct() < distinct) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "received " + receipts.distinct() + " of " + distinct + ", and none in " + PATIENCE);
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        consumer.wakeup();
        thread.join();
    }
}
