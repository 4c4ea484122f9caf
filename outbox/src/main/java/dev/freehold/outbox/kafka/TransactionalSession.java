package dev.freehold.outbox.kafka;

import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends in Kafka transactions, so that a reader of committed records sees every event once.
 *
 * <ol>
 *   <li>A session begins with {@code initTransactions} under the shard's transactional id: the broker aborts what the
 *       owner before left open, and refuses everything that it may still send.
 *   <li>Then the mark is read, the highest offset that the shard's consumer group has committed with its metadata. No
 *       transaction is open by now that could change it.
 *   <li>A thread takes whatever has been handed over meanwhile, sends it in one transaction, and commits the last mark
 *       as the group's offset in the same transaction. So the more there is to do, the larger are the transactions.
 *   <li>After any failure nothing more is sent, and the transaction is aborted; whether one whose commit failed stands
 *       or not, the next session learns from the mark.
 * </ol>
 *
 * <p>Kafka's transactional messaging is KIP-98; fencing by transactional id and offsets in the transaction are from there.
 */
final class TransactionalSession implements OutboxTransport.Session {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** From the begin of a transaction to the next one: a transaction costs the broker the same with one event or many. */
    private static final long SHORTEST_TURN_NANOS = 5_000_000;

    /** Tells the sender to end. */
    private static final Handed END = new Handed(List.of(), new OutboxTransport.Mark(0, ""), new CompletableFuture<>());

    /** What a broker accepts as metadata of an offset unless told otherwise, {@code offset.metadata.max.bytes}. */
    private static final int LONGEST_MARK = 4096;

    private final Producer<byte[], byte[]> producer;
    private final CloudEventRecords records;
    private final Obstacles obstacles;
    private final ConsumerGroupMetadata group;
    private final OutboxTransport.@Nullable Mark mark;
    private final BlockingQueue<Handed> queue = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread sender;
    private long begunAt = System.nanoTime();

    /** With a producer whose transactions are initialised. */
    TransactionalSession(
            Producer<byte[], byte[]> producer,
            CloudEventRecords records,
            Obstacles obstacles,
            String id,
            OutboxTransport.@Nullable Mark mark) {
        this.producer = producer;
        this.records = records;
        this.obstacles = obstacles;
        this.group = new ConsumerGroupMetadata(id);
        this.mark = mark;
        this.sender = new Thread(this::run, "outbox-sender-" + id);
        sender.setDaemon(true);
        sender.start();
    }

    static TransactionalSession open(
            Map<String, Object> producerProperties,
            CloudEventRecords records,
            Obstacles obstacles,
            KafkaBroker broker,
            String id) {
        Map<String, Object> properties = new HashMap<>(producerProperties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new TransactionalSession(producer, records, obstacles, id, latest(broker.committed(id)));
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static OutboxTransport.@Nullable Mark latest(Map<TopicPartition, OffsetAndMetadata> committed) {
        return committed.values().stream()
                .max(Comparator.comparingLong(OffsetAndMetadata::offset))
                .map(kept -> new OutboxTransport.Mark(kept.offset(), kept.metadata()))
                .orElse(null);
    }

    @Override
    public Optional<OutboxTransport.Mark> mark() {
        return Optional.ofNullable(mark);
    }

    @Override
    public Optional<String> obstacle(StoredEvent event) {
        return obstacles.to(event);
    }

    @Override
    public CompletableFuture<Void> send(List<StoredEvent> events, OutboxTransport.Mark after) {
        Handed handed = new Handed(events, after, new CompletableFuture<>());
        queue.add(handed);
        failLateComers();
        return handed.done();
    }

    private void run() {
        List<Handed> group = new ArrayList<>();
        try {
            while (take(group)) {
                publish(group);
                group.forEach(handed -> handed.done().complete(null));
                group.clear();
            }
        } catch (RuntimeException e) { // whatever it is, this session is over
            abort(e); // first: the answer to a record that is on its way tells more
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        }
        failure.compareAndSet(null, new KafkaException("the session is closed"));
        group.forEach(this::fail);
        failLateComers();
    }

    private boolean take(List<Handed> group) throws InterruptedException {
        group.add(queue.take());
        long early = begunAt + SHORTEST_TURN_NANOS - System.nanoTime();
        if (early > 0) {
            LockSupport.parkNanos(early);
        }
        begunAt = System.nanoTime();
        queue.drainTo(group);
        return !group.contains(END);
    }

    private void publish(List<Handed> group) {
        producer.beginTransaction();
        for (Handed handed : group) {
            handed.events().forEach(this::send);
        }
        Handed last = group.get(group.size() - 1);
        producer.sendOffsetsToTransaction(offsets(last), this.group);
        producer.commitTransaction();
    }

    private void send(StoredEvent event) {
        var unused = producer.send(records.of(event), (metadata, refused) -> {
            if (refused != null) {
                failed(event, refused);
            }
        });
    }

    /** The first one is the cause of the others, which may come with the same exception. Called by the producer's thread. */
    private void failed(StoredEvent event, Exception refused) {
        if (failure.get() == null && !(refused instanceof TransactionAbortedException)) {
            failure.compareAndSet(null, obstacles.about(event, refused));
        }
    }

    /** The group consumes nothing; its offset counts the marks, on a partition of any topic that is there. */
    private static Map<TopicPartition, OffsetAndMetadata> offsets(Handed last) {
        String text = last.mark().progress();
        if (text.length() > LONGEST_MARK) {
            throw new OutboxException(
                    "The outbox's progress takes %d bytes, more than the %d that Kafka keeps with an offset."
                            .formatted(text.length(), LONGEST_MARK),
                    "It names the transactions that were open; go on with freehold.outbox.delivery=at-least-once while"
                            + " there are more than a thousand of them.");
        }
        String topic = last.events().get(0).topic();
        return Map.of(
                new TopicPartition(topic, 0), new OffsetAndMetadata(last.mark().number(), text));
    }

    private void abort(RuntimeException cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) { // the next session's initTransactions does it, or the broker after its timeout
            if (cause != e) {
                cause.addSuppressed(e);
            }
        }
        producer.close(Duration.ZERO);
    }

    private void failLateComers() {
        if (failure.get() != null) {
            for (Handed handed = queue.poll(); handed != null; handed = queue.poll()) {
                fail(handed);
            }
        }
    }

    private void fail(Handed handed) {
        Throwable cause = failure.get();
        handed.done().completeExceptionally(cause == null ? new KafkaException("the session failed") : cause);
    }

    /** A closed producer does not tell a thread that waits for an answer about its offsets, so that is interrupted. */
    @Override
    public void close() {
        queue.add(END);
        producer.close(Duration.ZERO);
        sender.interrupt();
        try {
            sender.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was handed over in one call. */
    private record Handed(List<StoredEvent> events, OutboxTransport.Mark mark, CompletableFuture<Void> done) {}
}
