package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that runs business transactions at a rate, in surroundings of its own, and a receiver of its events. */
final class SteadyLoad implements AutoCloseable {

    private static final int KEYS = 10_000;

    /** Room for events beside the load. */
    private static final int OTHERS = 2;

    private static final Duration CATCH_UP_LEAST = Duration.ofSeconds(1);
    private static final Duration CATCH_UP_SLACK = Duration.ofMillis(250);
    private static final Duration CATCH_UP_MOST = Duration.ofSeconds(90);

    private final Servers servers;
    private final int perSecond;
    private final Duration longest;
    private final Path times;
    private final Surroundings surroundings;
    private final Receipts receipts;
    private final Receiver receiver;
    private final ContestantJvm service;
    private long begunAt;
    private ContestantJvm.Written written = new ContestantJvm.Written(0, 0);

    private SteadyLoad(Servers servers, Entrant entrant, int perSecond, Duration longest) throws Exception {
        this.servers = servers;
        this.perSecond = perSecond;
        this.longest = longest;
        this.times = Files.createTempFile("load", ".bin");
        this.surroundings = servers.fresh(entrant, KEYS);
        this.receipts = new Receipts(events() + OTHERS, KEYS);
        this.receiver = Receiver.start(surroundings, receipts);
        this.service = ContestantJvm.launch(entrant, surroundings);
    }

    /** Launches the process, and starts the receiver. */
    static SteadyLoad open(Servers servers, Entrant entrant, int perSecond, Duration longest) throws Exception {
        return new SteadyLoad(servers, entrant, perSecond, longest);
    }

    /** Prepares the outbox and starts the service that is to write, and perhaps to relay. */
    void start(Role role) throws IOException {
        service.prepare();
        service.start(role);
    }

    void begin() throws IOException {
        begunAt = System.nanoTime();
        service.beginLoad(perSecond, longest);
    }

    /** Waits until so much of its time has passed. */
    void sleepUntil(Duration sinceBegin) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begunAt + sinceBegin.toNanos() - System.nanoTime());
    }

    /** How long it has been running. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    /** Waits until the receiver has what was written by now, nearly, after more than a second of it. */
    void awaitReceiverToCatchUp() throws InterruptedException {
        Duration begin = elapsed();
        while (elapsed().minus(begin).compareTo(CATCH_UP_LEAST) < 0
                || receipts.distinct() < due(elapsed().minus(CATCH_UP_SLACK))) {
            if (elapsed().minus(begin).compareTo(CATCH_UP_MOST) > 0) {
                throw new IllegalStateException(
                        "received " + receipts.distinct() + " of " + due(elapsed()) + " after " + CATCH_UP_MOST);
            }
            Thread.sleep(5);
        }
    }

    private int due(Duration sinceBegin) {
        return Math.toIntExact(sinceBegin.toMillis() * perSecond / 1000);
    }

    /** Begins no more transactions. */
    void end() throws IOException {
        service.endLoad();
    }

    /** Waits until its time is over and every event of it has come. */
    Journeys awaitAll() throws IOException, InterruptedException {
        written = service.awaitLoad(times);
        receiver.await(written.events());
        return Journeys.read(times, written.events(), begunAt, perSecond, receipts);
    }

    /** Waits until so many events beside it have come, too. */
    void awaitOthers(int count) throws InterruptedException {
        receiver.await(written.events() + count);
    }

    /** The process that writes. */
    ContestantJvm service() {
        return service;
    }

    /** How many events it has unless it is ended early; the next numbers are free for others. */
    int events() {
        return due(longest);
    }

    /** Its database and topic. */
    Surroundings surroundings() {
        return surroundings;
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
