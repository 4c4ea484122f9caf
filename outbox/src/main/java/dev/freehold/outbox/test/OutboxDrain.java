package dev.freehold.outbox.test;

import dev.freehold.outbox.Backlog;
import dev.freehold.outbox.OutboxRelay;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a relay, in tests that look at what was published. */
public final class OutboxDrain {

    private static final long PAUSE_NANOS = 2_000_000;

    private OutboxDrain() {}

    /**
     * Returns when everything that was committed before is published or parked.
     *
     * @throws IllegalStateException if that is not so within the time, with what the relay is doing
     */
    public static void now(OutboxRelay relay, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        Backlog backlog = relay.backlog();
        while (backlog.events() > 0) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("%d events are not published after %s: %s"
                        .formatted(backlog.events(), timeout, relay.status()));
            }
            relay.wakeUp();
            LockSupport.parkNanos(PAUSE_NANOS);
            backlog = relay.backlog();
        }
    }
}
