package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Surroundings;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** How far the consumers of a run have got; their group has the name of the topic. */
record ConsumerGroup(Admin admin, Surroundings surroundings) implements AutoCloseable {

    private static final long PATIENCE_NANOS = 90_000_000_000L;

    /** Waits until so many deliveries are behind them, and tells how many exactly. */
    long await(long deliveries) throws ExecutionException, InterruptedException {
        long handled = handled();
        long progressAt = System.nanoTime();
        while (handled < deliveries) {
            Thread.sleep(10);
            long now = handled();
            if (now > handled) {
                progressAt = System.nanoTime();
            } else if (System.nanoTime() - progressAt > PATIENCE_NANOS) {
                throw new IllegalStateException("handled " + handled + " of " + deliveries + ", and none for 90 s");
            }
            handled = now;
        }
        return handled;
    }

    /** The topic has nothing but deliveries, so offsets count them. */
    private long handled() throws ExecutionException, InterruptedException {
        return admin
                .listConsumerGroupOffsets(surroundings.topic())
                .partitionsToOffsetAndMetadata()
                .get()
                .values()
                .stream()
                .mapToLong(committed -> committed == null ? 0 : committed.offset())
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }
}
