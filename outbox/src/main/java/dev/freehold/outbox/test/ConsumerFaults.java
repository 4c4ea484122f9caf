package dev.freehold.outbox.test;

import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers messages to a consumer on its real database as badly as a broker may: several times, in batches of any size, those
 * of different keys in any order, and with crashes before the commit. Whatever the consumer's listeners do must come out as
 * if each message had come once. What does not, such as a counter in memory or a call to another service, is found out.
 */
public final class ConsumerFaults {

    private static final Logger log = LoggerFactory.getLogger(ConsumerFaults.class);
    private static final int LARGEST_BATCH = 20;
    private static final int MOST_DELIVERIES = 5;

    private final InboxConsumer consumer;
    private final TransactionTemplate transaction;
    private final Random random;
    private int crashes;

    private ConsumerFaults(InboxConsumer consumer, PlatformTransactionManager manager, long seed) {
        this.consumer = consumer;
        this.transaction = new TransactionTemplate(manager);
        this.random = new Random(seed);
    }

    /**
     * @param consumer of {@code KafkaInbox.consumer} or {@code Inbox.consumers}
     * @param manager the transaction manager that the inbox uses
     * @param seed the same faults for the same seed
     */
    public static ConsumerFaults of(InboxConsumer consumer, PlatformTransactionManager manager, long seed) {
        return new ConsumerFaults(consumer, manager, seed);
    }

    /**
     * Delivers messages, each one to five times, on the calling thread, outside of any transaction.
     *
     * @param messages in the order of their topic
     * @return how often a transaction was rolled back before its commit
     */
    public int deliver(List<InboxMessage> messages) {
        int before = crashes;
        int from = 0;
        while (from < messages.size()) {
            int until = Math.min(messages.size(), from + 1 + random.nextInt(LARGEST_BATCH));
            deliver(messages, from, until);
            from = until;
        }
        return crashes - before;
    }

    /** After a crash, or a loss of the group's membership, the consumer begins again somewhat earlier. */
    private void deliver(List<InboxMessage> messages, int from, int until) {
        int deliveries = 1 + random.nextInt(MOST_DELIVERIES);
        for (int n = 0; n < deliveries; n++) {
            int earlier = Math.max(0, from - random.nextInt(LARGEST_BATCH));
            List<InboxMessage> batch = new ArrayList<>(Messages.shuffled(messages.subList(earlier, until), random));
            if (random.nextBoolean()) {
                crash(batch);
            }
            consumer.handle(batch);
        }
    }

    private void crash(List<InboxMessage> batch) {
        crashes++;
        try {
            transaction.executeWithoutResult(status -> {
                status.setRollbackOnly();
                consumer.handle(batch);
            });
        } catch (RuntimeException e) { // a failing listener, or what comes of one in a transaction that is over
            log.debug("The transaction that was to be rolled back failed before", e);
        }
    }
}
