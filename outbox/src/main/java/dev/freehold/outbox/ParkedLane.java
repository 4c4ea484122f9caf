package dev.freehold.outbox;

import dev.freehold.outbox.OutboxTransport.Mark;
import dev.freehold.outbox.OutboxTransport.Refused;
import dev.freehold.outbox.OutboxTransport.Session;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries parked keys again, while the relay is in office: on a thread of its own and in a session of its own, so that the
 * next refusal disturbs nobody.
 *
 * <ol>
 *   <li>A key that is due has its events sent in order, as far as nothing stands against them.
 *   <li>What is acknowledged is forgotten. With a transport that keeps marks the mark says which events these were, so that
 *       they are forgotten at the next beginning if the relay dies in between.
 *   <li>When none of its events is left, the key is parked no more, and its next ones go with all the others. They cannot
 *       overtake: they are read after that.
 *   <li>If its first event is refused again, the next attempt is after twice the pause. It is counted in the database, so
 *       that a change of the relay does not begin anew.
 * </ol>
 */
final class ParkedLane implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final String SESSION = "-parked";
    private static final int KEYS = 50;
    private static final int EVENTS = 100;
    private static final long SHORTEST_PAUSE_NANOS = 50_000_000;
    private static final long POLL_NANOS = 1_000_000_000;
    private static final long CLOSE_MILLIS = 5_000;
    private static final int RADIX = 36;

    private final String name;
    private final Shard shard;
    private final ParkedStore parked;
    private final OutboxTransport transport;
    private final RelaySettings settings;
    private final String history;
    private final RelayCounters counters;
    private final Signal signal = new Signal();

    private long number;
    private @Nullable Thread thread;
    private volatile @Nullable Session session;
    private volatile boolean stopping;

    ParkedLane(
            String name,
            ParkedStore parked,
            OutboxTransport transport,
            RelaySettings settings,
            Lease lease,
            RelayCounters counters) {
        this.name = name;
        this.shard = lease.shard();
        this.parked = parked;
        this.transport = transport;
        this.settings = settings;
        this.history = lease.history();
        this.counters = counters;
        this.number = lease.firstNumber();
    }

    /** There are parked keys. Called by the relay's thread. */
    void wakeUp() {
        if (thread == null) {
            Thread started = new Thread(this::run, "outbox-parked-" + name);
            started.setDaemon(true);
            started.start();
            thread = started;
        }
        signal.raise();
    }

    private void run() {
        while (!stopping) {
            long pause = POLL_NANOS;
            try {
                if (tryAll()) {
                    continue;
                }
                pause = Math.max(SHORTEST_PAUSE_NANOS, Math.min(POLL_NANOS, untilNextAttempt()));
            } catch (RuntimeException e) { // database or broker are away, or the session is over: parked is parked
                closeSession();
                if (!stopping) {
                    log.debug("Parked events of {} cannot be tried now", name, e);
                }
            }
            signal.await(pause);
        }
        closeSession();
    }

    private long untilNextAttempt() {
        return parked.untilNextAttempt(shard).map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    private boolean tryAll() {
        boolean progress = false;
        Map<TopicKey, String> held = new HashMap<>();
        for (TopicKey key : parked.due(shard, KEYS)) {
            if (stopping) {
                return progress;
            }
            Optional<String> obstacle = obstacle(key);
            obstacle.ifPresent(cause -> held.put(key, cause));
            while (obstacle.isEmpty() && !stopping && trySome(key)) {
                progress = true;
            }
        }
        if (!held.isEmpty()) {
            failed(held);
        }
        return progress;
    }

    /** What stands against its first event, of which a round may meet many: so they are noted together. */
    private Optional<String> obstacle(TopicKey key) {
        Session open = session(); // first: it may find that some of what waits is published
        return parked.waiting(key, 1).stream().findFirst().flatMap(open::obstacle);
    }

    /** Whether it is worth going on with the key at once. */
    private boolean trySome(TopicKey key) {
        Session open = session();
        List<StoredEvent> waiting = parked.waiting(key, EVENTS);
        if (waiting.isEmpty()) {
            if (parked.unpark(key)) {
                log.info("Key '{}' of topic {} is parked no more", key.key(), key.topic());
            }
            return false;
        }
        for (int n = 0; n < waiting.size(); n++) {
            String obstacle = open.obstacle(waiting.get(n)).orElse(null);
            if (obstacle != null && n == 0) {
                failed(Map.of(key, obstacle));
                return false;
            }
            if (obstacle != null) {
                waiting = waiting.subList(0, n);
            }
        }
        return send(key, waiting, open);
    }

    private boolean send(TopicKey key, List<StoredEvent> events, Session open) {
        List<UUID> ids = events.stream().map(StoredEvent::id).toList();
        try {
            open.send(events, mark(ids)).join();
        } catch (CompletionException e) {
            closeSession();
            if (e.getCause() instanceof Refused refused) {
                failed(Map.of(key, String.valueOf(refused.getMessage())));
                return false;
            }
            throw e;
        }
        parked.remove(ids);
        counters.published(ids.size());
        return true;
    }

    private void failed(Map<TopicKey, String> causes) {
        parked.failed(causes, Outlet.firstPause(settings), settings.maxParkedBackoff());
    }

    private Session session() {
        Session open = session;
        if (open == null) {
            open = transport.open(shard.name() + SESSION);
            open.mark().ifPresent(this::forgetPublished);
            session = open;
        }
        return open;
    }

    /**
     * Ends it for good, so that another shard may go on with its keys: whatever a session before may have left behind is
     * settled, and what is published is forgotten.
     */
    void settle() {
        close();
        Thread running = thread;
        if (running != null && running.isAlive()) {
            throw new IllegalStateException("an attempt with a parked key of shard " + shard.name() + " does not end");
        }
        if (parked.hasParkedKeys()) {
            session();
            closeSession();
        }
    }

    private void closeSession() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** With ids, which mean the same in every history of the database. */
    private Mark mark(List<UUID> ids) {
        String list = ids.stream().map(ParkedLane::text).collect(Collectors.joining(","));
        return new Mark(++number, history + " " + list);
    }

    static String text(UUID id) {
        return Long.toUnsignedString(id.getMostSignificantBits(), RADIX) + "."
                + Long.toUnsignedString(id.getLeastSignificantBits(), RADIX);
    }

    private static UUID id(String text) {
        int dot = text.indexOf('.');
        return new UUID(
                Long.parseUnsignedLong(text.substring(0, dot), RADIX),
                Long.parseUnsignedLong(text.substring(dot + 1), RADIX));
    }

    private void forgetPublished(Mark mark) {
        String[] parts = mark.progress().split(" ", 2);
        if (parts.length == 2 && parts[0].equals(history)) {
            parked.remove(Arrays.stream(parts[1].split(",")).map(ParkedLane::id).toList());
        }
    }

    @Override
    public void close() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        signal.raise();
        closeSession();
        try {
            running.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
