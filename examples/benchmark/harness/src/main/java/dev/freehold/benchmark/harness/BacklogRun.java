package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Poison;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One entrant drains a backlog with some relays, twice in the same processes: cold, then warm.
 *
 * <ol>
 *   <li>A writing process commits the backlog and stops; the database settles.
 *   <li>The relays start; the rate counts from the first receipt to the last, so starting a framework costs nothing.
 *   <li>The relays stop, what is parked is discarded, the same again.
 * </ol>
 */
final class BacklogRun implements AutoCloseable {

    private final Servers servers;
    private final Surroundings surroundings;
    private final int events;
    private final Receipts receipts;
    private final Receiver receiver;
    private final ContestantJvm writer;
    private final List<ContestantJvm> relays = new ArrayList<>();
    private int expected;

    private BacklogRun(Servers servers, Surroundings surroundings, Entrant entrant, int events, int relays)
            throws Exception {
        this.servers = servers;
        this.surroundings = surroundings;
        this.events = events;
        this.receipts = new Receipts(2 * events, surroundings.keys());
        this.receiver = Receiver.start(surroundings, receipts);
        this.writer = ContestantJvm.launch(entrant, surroundings);
        for (int i = 0; i < relays; i++) {
            this.relays.add(ContestantJvm.launch(entrant, surroundings));
        }
    }

    /** One that is drained as it is. */
    static Outcome of(Servers servers, Entrant entrant, int events, int relays) throws Exception {
        Plan plan = new Plan(events, relays, Poison.NONE);
        return of(servers, entrant, servers.fresh(entrant, events / 10), plan);
    }

    /** In these surroundings, which are given up afterwards. */
    static Outcome of(Servers servers, Entrant entrant, Surroundings surroundings, Plan plan) throws Exception {
        try (BacklogRun run = new BacklogRun(servers, surroundings, entrant, plan.events, plan.relays)) {
            run.writer.prepare();
            Pass cold = run.pass(0, plan.poison);
            if (!plan.poison.equals(Poison.NONE)) {
                servers.discardParked(surroundings);
            }
            Pass warm = run.pass(plan.events, plan.poison);
            return new Outcome(cold, warm, run.receipts.duplicates(), run.receipts.inversions());
        } finally {
            servers.discard(surroundings);
        }
    }

    private Pass pass(int first, Poison poison) throws Exception {
        int[] healthy = healthy(first, poison);
        writer.start(Role.WRITER);
        writer.fill(first, events, poison);
        writer.stop();
        servers.settle(surroundings);
        AtomicReference<@Nullable Reading> atFirst = new AtomicReference<>();
        receiver.whenNextArrives(() -> atFirst.set(read()));
        long begin = System.nanoTime();
        for (ContestantJvm relay : relays) {
            relay.beginStart(Role.RELAY);
        }
        expected += healthy.length;
        receiver.await(expected);
        Reading atLast = read();
        for (ContestantJvm relay : relays) {
            relay.awaitStarted();
            relay.stop();
        }
        requireAll(healthy);
        Reading start = atFirst.get();
        if (start == null) {
            throw new IllegalStateException("all have come, but not a first one");
        }
        return Pass.between(begin, start, atLast, healthy.length);
    }

    /** The numbers of a pass, without those of keys that are held up. */
    private int[] healthy(int first, Poison poison) {
        return IntStream.range(first, first + events)
                .filter(number ->
                        !poison.isIn(Order.of(number, surroundings.keys()).account()))
                .toArray();
    }

    private void requireAll(int[] healthy) {
        if (IntStream.of(healthy).anyMatch(number -> receipts.receivedAt(number) == 0)) {
            throw new IllegalStateException("an event came that can not be sent, or waits behind one");
        }
    }

    private Reading read() {
        List<Long> pids = relays.stream().map(ContestantJvm::pid).toList();
        return new Reading(System.nanoTime(), CpuTime.of(pids), servers.postgresCpu(), servers.kafkaCpu());
    }

    @Override
    public void close() throws InterruptedException {
        writer.close();
        relays.forEach(ContestantJvm::close);
        receiver.close();
    }

    /**
     * @param events in each pass
     * @param relays processes that drain it
     * @param poison what can never be sent, in each pass
     */
    record Plan(int events, int relays, Poison poison) {}

    /**
     * @param duplicates of both passes
     * @param inversions of both passes
     */
    record Outcome(Pass cold, Pass warm, int duplicates, int inversions) {}

    /**
     * @param rate events in a second, of those that can be sent, from the first receipt to the last
     * @param seconds from the command to start to the last receipt, with all that starting takes
     * @param relayCpu microseconds an event, as are the next two
     */
    record Pass(double rate, double seconds, double relayCpu, double postgresCpu, double kafkaCpu) {

        private static Pass between(long begin, Reading start, Reading end, int events) {
            return new Pass(
                    events * 1e9 / (end.nanoTime - start.nanoTime),
                    (end.nanoTime - begin) / 1e9,
                    end.relay.since(start.relay).microsPer(events),
                    end.postgres.since(start.postgres).microsPer(events),
                    end.kafka.since(start.kafka).microsPer(events));
        }

        double cpu() {
            return relayCpu + postgresCpu + kafkaCpu;
        }
    }

    private record Reading(long nanoTime, CpuTime relay, CpuTime postgres, CpuTime kafka) {}
}
