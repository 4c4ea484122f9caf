package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Relay processes on one outbox, of which the active one is made to end. */
final class Relays implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Entrant entrant;
    private final Surroundings surroundings;
    private final Deque<ContestantJvm> running = new ArrayDeque<>();

    Relays(Entrant entrant, Surroundings surroundings) {
        this.entrant = entrant;
        this.surroundings = surroundings;
    }

    /** Starts one more. */
    void add() throws IOException {
        ContestantJvm relay = ContestantJvm.launch(entrant, surroundings);
        running.add(relay);
        relay.start(Role.RELAY);
    }

    /** Ends the one that works, or where several do the one that was started first. */
    void endActive(Consumer<ContestantJvm> how) throws IOException, InterruptedException {
        ContestantJvm active = active();
        running.remove(active);
        how.accept(active);
    }

    private ContestantJvm active() throws IOException, InterruptedException {
        for (int i = 0; i < PATIENCE_MILLIS / 10; i++) {
            for (ContestantJvm relay : running) {
                if (relay.isActive()) {
                    return relay;
                }
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("no relay is active");
    }

    @Override
    public void close() {
        running.forEach(ContestantJvm::close);
    }
}
