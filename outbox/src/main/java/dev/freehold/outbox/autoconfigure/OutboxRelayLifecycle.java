package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxRelay;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Starts the relay with the application, and stops it after web server and listeners, so that it sends their last events. */
final class OutboxRelayLifecycle implements SmartLifecycle {

    private static final int AFTER_WEB_SERVERS = 4096;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final OutboxRelay relay;

    OutboxRelayLifecycle(OutboxRelay relay) {
        this.relay = relay;
    }

    @Override
    public void start() {
        relay.start();
    }

    @Override
    public void stop() {
        relay.stop(STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return relay.isRunning();
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE - AFTER_WEB_SERVERS;
    }
}
