package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process that runs business transactions at a rate, in surroundings of its own, and a receiver of its events. */
final class SteadyLoad implements AutoCloseable {

    static final int KEYS = 10_000;

    private final Servers servers;
    private final int perSecond;
    private final Duration longest;
    private final Path times;
    private final Surroundings surroundings;
    private final Receipts receipts;
    private final Receiver receiver;
    private final ContestantJvm service;
    private ContestantJvm.Written written = new ContestantJvm.Written(0, 0);

    private SteadyLoad(Servers servers, Entrant entrant, int perSecond, Duration longest) throws Exception {
        this.servers = servers;
        this.perSecond = perSecond;
        this.longest = longest;
        this.times = Files.createTempFile("load", ".bin");
        this.surroundings = servers.fresh(entrant, KEYS);
        this.receipts = new Receipts(Math.toIntExact(longest.toMillis() * perSecond / 1000), KEYS);
        this.receiver = Receiver.start(surroundings, receipts);
        this.service = ContestantJvm.launch(entrant, surroundings);
    }

    /** Prepares an outbox and starts a service in this role. */
    static SteadyLoad prepare(Servers servers, Entrant entrant, Role role, int perSecond, Duration longest)
            throws Exception {
        SteadyLoad load = new SteadyLoad(servers, entrant, perSecond, longest);
        try {
            load.service.prepare();
            load.service.start(role);
            return load;
        } catch (Exception e) {
            load.close();
            throw e;
        }
    }

    void begin() throws IOException {
        service.beginLoad(perSecond, longest);
    }

    /** Waits until its time is over and every event of it has come. */
    Journeys awaitAll() throws IOException, InterruptedException {
        written = service.awaitLoad(times);
        receiver.await(written.events());
        return Journeys.read(times, written.events(), perSecond, receipts);
    }

    /** What has come, of it and of whatever else was published. */
    Receipts receipts() {
        return receipts;
    }

    /** How much later than it should have a transaction began at worst. */
    double latestMillis() {
        return written.latestMicros() / 1000.0;
    }

    @Override
    public void close() throws Exception {
        service.close();
        receiver.close();
        servers.discard(surroundings);
        Files.delete(times);
    }
}
