package dev.freehold.inbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers that wait until messages are handled. However many there are, the database gets one question at a time.
 *
 * <ol>
 *   <li>Whoever comes while nobody asks becomes the one that asks, for all that wait.
 *   <li>It asks at once, and then after pauses of 5 ms, doubled up to 50 ms; at once again if another reader has come, or if a
 *       consumer of this process has just settled a message that somebody waits for.
 *   <li>Whose messages are all handled, or one of them parked, is woken and leaves.
 *   <li>When the one that asks leaves, the one that has waited longest takes its place.
 *   <li>Only what the database says counts: what a consumer of this process has done may be part of a transaction that is yet to
 *       commit.
 * </ol>
 *
 * <p>Beyond 256 readers, and for those without time, each looks once by itself.
 */
final class WaitingReaders {

    static final int MOST = 256;

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final InboxStore store;
    private final long shortestPause;
    private final long longestPause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Reader> waiting = new LinkedHashSet<>();
    private @Nullable Reader asking;
    private boolean due;
    private long pause;
    private volatile boolean anybody;

    WaitingReaders(InboxStore store) {
        this(store, SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    WaitingReaders(InboxStore store, Duration shortestPause, Duration longestPause) {
        this.store = store;
        this.shortestPause = shortestPause.toNanos();
        this.longestPause = longestPause.toNanos();
    }

    /** Whether all of these are handled, by then. False at once if the thread is interrupted; it stays so. */
    boolean await(Set<Awaited> awaited, Duration atMost) {
        Reader reader = new Reader(awaited, lock.newCondition());
        if (atMost.isZero() || !hasWaited(reader, atMost)) {
            reader.take(look(awaited));
        }
        return reader.open.isEmpty();
    }

    /** False if there are too many already. */
    private boolean hasWaited(Reader reader, Duration atMost) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        try {
            if (waiting.size() >= MOST) {
                return false;
            }
            join(reader);
            await(reader, deadline);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            leave(reader);
            lock.unlock();
        }
    }

    private void join(Reader reader) {
        waiting.add(reader);
        anybody = true;
        pause = shortestPause;
        askAtOnce();
    }

    private void askAtOnce() {
        due = true;
        if (asking != null) {
            asking.turn.signal();
        }
    }

    private void await(Reader reader, long deadline) throws InterruptedException {
        while (reader.isOpen() && left(deadline) > 0) {
            if (asking == null) {
                askForAll(reader, deadline);
            } else {
                reader.turn.awaitNanos(left(deadline));
            }
        }
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }

    private void askForAll(Reader reader, long deadline) throws InterruptedException {
        asking = reader;
        try {
            while (reader.isOpen() && left(deadline) > 0) {
                if (!due) {
                    reader.turn.awaitNanos(Math.min(pause, left(deadline)));
                    pause = Math.min(2 * pause, longestPause);
                }
                due = false;
                ask();
            }
        } finally {
            asking = null;
        }
    }

    /** Lets go of the lock meanwhile. */
    private void ask() {
        List<Reader> asked = List.copyOf(waiting);
        Set<Awaited> open = new HashSet<>();
        asked.forEach(reader -> open.addAll(reader.open));
        Map<Awaited, Awaited.Fate> found;
        lock.unlock();
        try {
            found = look(open);
        } finally {
            lock.lock();
        }
        for (Reader reader : asked) {
            reader.take(found);
            if (!reader.isOpen()) {
                reader.turn.signal();
            }
        }
    }

    private Map<Awaited, Awaited.Fate> look(Set<Awaited> open) {
        try {
            return store.look(List.copyOf(open));
        } catch (RuntimeException e) {
            // The read that follows meets the same failure and tells of it; until then nothing is known.
            log.debug("Nobody can tell what is handled: {}", e.toString());
            return Map.of();
        }
    }

    /** Whoever leaves wakes the next one if nobody asks, so that somebody does as long as anybody waits. */
    private void leave(Reader reader) {
        waiting.remove(reader);
        anybody = !waiting.isEmpty();
        if (asking == null) {
            waiting.stream().findFirst().ifPresent(next -> next.turn.signal());
        }
    }

    /** A consumer of this process has handled or parked these; costs nothing while nobody waits. */
    void settled(String consumer, List<InboxMessage> messages) {
        if (!anybody) {
            return;
        }
        Set<Awaited> settled = messages.stream()
                .map(message -> new Awaited(consumer, message.context().id()))
                .collect(Collectors.toSet());
        lock.lock();
        try {
            if (waiting.stream().flatMap(reader -> reader.open.stream()).anyMatch(settled::contains)) {
                askAtOnce();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait now. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** One that waits, or looks; guarded by the lock while it is among those that wait. */
    private static final class Reader {

        private final Set<Awaited> open;
        private final Condition turn;
        private boolean parked;

        Reader(Set<Awaited> awaited, Condition turn) {
            this.open = new HashSet<>(awaited);
            this.turn = turn;
        }

        void take(Map<Awaited, Awaited.Fate> found) {
            open.removeIf(awaited -> found.get(awaited) == Awaited.Fate.HANDLED);
            parked |= open.stream().anyMatch(awaited -> found.get(awaited) == Awaited.Fate.PARKED);
        }

        boolean isOpen() {
            return !open.isEmpty() && !parked;
        }
    }
}
