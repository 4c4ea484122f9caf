package dev.freehold.inbox;

import dev.freehold.inbox.Published.Booked;
import dev.freehold.inbox.Published.Cancelled;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writers that publish, consumers that handle with delays and rollbacks, and readers with the writers' tokens, all at once: what
 * a reader is told must be what a query finds then. Ends with the first reader that is told wrong.
 */
final class ReadYourWrites {

    private static final int WRITERS = 2;
    private static final int READERS = 8;
    private static final int CONSUMERS = 3;
    private static final int KEYS = 40;
    private static final int RECENT = 32;
    private static final int LARGEST_BACKLOG = 40;
    private static final Set<String> GROUPS = Set.of("bookings", "mails");

    /** What readers were told, and whether it was true. */
    record Outcome(int reached, int stale, int wrong) {}

    private final int reads;
    private final JdbcClient jdbc;
    private final DataSourceTransactionManager manager;
    private final Inbox inbox;
    private final Inbox elsewhere;
    private final List<InboxConsumer> consumers;
    private final List<LinkedBlockingQueue<StoredEvent>> partitions = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable Write> recent = new AtomicReferenceArray<>(RECENT);
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger reached = new AtomicInteger();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private volatile boolean over;

    /** What a client has written, and the token that it got. */
    private record Write(String token, Set<UUID> events) {}

    ReadYourWrites(OutboxDatabase database, int reads, UnaryOperator<InboxStore> store) {
        this.reads = reads;
        this.jdbc = JdbcClient.create(database.dataSource());
        this.manager = new DataSourceTransactionManager(database.dataSource());
        Listeners listeners = new Listeners(jdbc);
        this.inbox = inbox(database, store);
        this.elsewhere = inbox(database, store);
        this.consumers = inbox.consumers("", List.of(listeners));
        elsewhere.consumers("", List.of(listeners));
        jdbc.sql(
                        "CREATE TABLE effect (consumer varchar(20) NOT NULL, id char(36) NOT NULL, PRIMARY KEY (consumer, id))")
                .update();
        for (int n = 0; n < CONSUMERS; n++) {
            partitions.add(new LinkedBlockingQueue<>());
        }
    }

    private Inbox inbox(OutboxDatabase database, UnaryOperator<InboxStore> store) {
        DefaultInboxBuilder builder = (DefaultInboxBuilder) Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .settings(new InboxSettings(
                        2, Duration.ofMillis(1), InboxSettings.UnknownType.IGNORE, Duration.ofDays(8)));
        return builder.on(store.apply(InboxTables.store(database.dataSource(), Duration.ofDays(8))), manager);
    }

    Outcome run() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> running = new ArrayList<>();
        try {
            for (int n = 0; n < WRITERS; n++) {
                Random random = new Random(n);
                running.add(threads.submit(() -> write(random)));
            }
            for (int n = 0; n < CONSUMERS; n++) {
                LinkedBlockingQueue<StoredEvent> partition = partitions.get(n);
                Random random = new Random(100 + n);
                running.add(threads.submit(() -> consume(partition, random)));
            }
            for (int n = 0; n < READERS; n++) {
                Inbox asked = n % 2 == 0 ? inbox : elsewhere;
                Random random = new Random(200 + n);
                running.add(threads.submit(() -> read(asked, random)));
            }
            for (Future<?> one : running) {
                one.get(8, TimeUnit.MINUTES);
            }
        } finally {
            over = true;
            threads.shutdownNow();
            inbox.close();
            elsewhere.close();
        }
        return new Outcome(reached.get(), stale.get(), wrong.get());
    }

    /** Some transactions roll back, and some commit another one within them. */
    private void write(Random random) {
        Queue<StoredEvent> committed = new ConcurrentLinkedQueue<>();
        Outbox outbox = Outbox.inMemory(JsonMapper.shared(), committed::add);
        TransactionTemplate outer = new TransactionTemplate(manager);
        TransactionTemplate inner = new TransactionTemplate(manager);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        while (!over) {
            try (CommittedEvents events = CommittedEvents.record()) {
                for (int n = 0; n <= random.nextInt(2); n++) {
                    outer.executeWithoutResult(status -> {
                        publish(outbox, random);
                        if (random.nextInt(4) == 0) {
                            inner.executeWithoutResult(own -> publish(outbox, random));
                        }
                        if (random.nextInt(8) == 0) {
                            status.setRollbackOnly();
                        }
                    });
                }
                Set<UUID> ids = committed.stream().map(StoredEvent::id).collect(Collectors.toSet());
                recent.set(
                        writes.getAndIncrement() % RECENT,
                        new Write(events.token().toString(), ids));
            }
            committed.forEach(event -> partitions
                    .get(Math.floorMod(event.key().hashCode(), CONSUMERS))
                    .add(event));
            committed.clear();
            do {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(8_000)));
            } while (!over && partitions.stream().mapToInt(Queue::size).sum() > LARGEST_BACKLOG);
        }
    }

    private static void publish(Outbox outbox, Random random) {
        for (int n = 0; n < 1 + random.nextInt(4); n++) {
            String key = "key" + random.nextInt(KEYS);
            outbox.publish(random.nextInt(4) == 0 ? new Cancelled(key) : new Booked(key, "text"));
        }
    }

    private void consume(LinkedBlockingQueue<StoredEvent> partition, Random random) {
        while (!over) {
            List<StoredEvent> batch = new ArrayList<>();
            partition.drainTo(batch, 1 + random.nextInt(30));
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(10_000)));
            List<InboxMessage> messages = batch.stream().map(Published::message).toList();
            consumers.forEach(consumer -> consumer.handle(messages));
            if (random.nextInt(20) == 0) {
                consumers.forEach(consumer -> consumer.parkedKeys().forEach(key -> replay(consumer, key)));
            }
        }
    }

    private static void replay(InboxConsumer consumer, String key) {
        try {
            consumer.replay(key);
        } catch (RuntimeException e) { // failed again: it stays parked
        }
    }

    private void read(Inbox asked, Random random) {
        while (wrong.get() == 0 && reached.get() + stale.get() < reads) {
            Write write = recent.get(random.nextInt(RECENT));
            if (write != null) {
                boolean told = asked.await(
                        ConsistencyToken.parse(write.token()), Duration.ofMillis(Math.max(0, random.nextInt(15) - 5)));
                (told ? reached : stale).incrementAndGet();
                if (told && !isVisible(write.events())) {
                    wrong.incrementAndGet();
                }
            }
        }
        over = true;
    }

    private boolean isVisible(Set<UUID> events) {
        return events.isEmpty()
                || jdbc.sql("SELECT count(*) FROM effect WHERE consumer IN (:groups) AND id IN (:ids)")
                                .param("groups", GROUPS)
                                .param(
                                        "ids",
                                        events.stream().map(UUID::toString).toList())
                                .query(Integer.class)
                                .single()
                        == events.size() * GROUPS.size();
    }

    /** Slow, and failing now and then: for once, or until it is replayed. */
    static final class Listeners {

        private final JdbcClient jdbc;
        private final Random random = new Random(7);
        private final Set<UUID> failing = ConcurrentHashMap.newKeySet();

        Listeners(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @InboxListener(topic = "orders", group = "bookings")
        void on(Booked event, EventContext context) {
            handle("bookings", context);
        }

        @InboxListener(topic = "orders", group = "bookings")
        void on(Cancelled event, EventContext context) {
            handle("bookings", context);
        }

        @InboxListener(topic = "orders", group = "mails")
        void mail(Booked event, EventContext context) {
            handle("mails", context);
        }

        @InboxListener(topic = "orders", group = "mails")
        void mail(Cancelled event, EventContext context) {
            handle("mails", context);
        }

        private void handle(String group, EventContext context) {
            jdbc.sql("INSERT INTO effect (consumer, id) VALUES (?, ?)")
                    .params(group, context.id().toString())
                    .update();
            if (random.nextInt(5) == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(4_000)));
            }
            int chance = random.nextInt(1_000);
            if (chance == 0) {
                failing.add(context.id());
            }
            if (chance < 20 || (failing.contains(context.id()) && random.nextInt(3) > 0)) {
                throw new IllegalStateException("not now");
            }
        }
    }
}
