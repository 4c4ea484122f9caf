package dev.freehold.outbox;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries events from the outbox to where they go. The relay calls it from one thread.
 *
 * <p>What it must keep: events of one key become visible in the order in which they were handed over, also across
 * calls. Once an event has failed, nothing of its key that was handed over after it becomes visible, and {@link #send} refuses
 * everything until {@link #reset}; after that nothing from before becomes visible any more.
 */
public interface OutboxTransport extends AutoCloseable {

    /**
     * Hands over events without waiting for their acknowledgement. Calls may follow each other before earlier ones are
     * acknowledged.
     *
     * @return completes when every one of the events is acknowledged for good, on any thread, or exceptionally when the
     *     first of them can not be; then the relay calls {@link #reset} and hands them over again
     */
    CompletableFuture<Void> send(List<StoredEvent> events);

    /** Forgets what was handed over and not acknowledged. */
    void reset();

    /** Ends the transport; what is not acknowledged by then is abandoned and will be handed over again. */
    @Override
    void close();
}
