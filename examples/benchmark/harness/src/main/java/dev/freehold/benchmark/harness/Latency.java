package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How long after its commit an event is in a consumer's hands, under a steady load of business transactions. */
record Latency(int perSecond, Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int KEYS = 10_000;

    @Override
    public void measure(Entrant entrant) throws Exception {
        int warmUp = Math.toIntExact(settings.warmUp().toMillis() * perSecond / 1000);
        int events = warmUp + Math.toIntExact(settings.load().toMillis() * perSecond / 1000);
        long millis = settings.warmUp().plus(settings.load()).toMillis();
        Receipts receipts = new Receipts(events, KEYS);
        Path times = Files.createTempFile("latency", ".bin");
        Surroundings surroundings = servers.fresh(entrant, KEYS);
        try (ContestantJvm service = ContestantJvm.launch(entrant, surroundings);
                Receiver receiver = Receiver.start(surroundings, receipts)) {
            service.prepare();
            service.start(Role.BOTH);
            long late = service.load(perSecond, millis, times);
            receiver.await(events);
            results.add(entrant, "latest start of a transaction", "ms", late / 1000.0);
            report(entrant, times, receipts, warmUp, events);
        } finally {
            Files.delete(times);
            servers.discard(surroundings);
        }
    }

    private void report(Entrant entrant, Path times, Receipts receipts, int warmUp, int events) throws IOException {
        long[] sinceBefore = new long[events - warmUp];
        long[] sinceAfter = new long[events - warmUp];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(times)))) {
            for (int i = 0; i < events; i++) {
                long beforeCommit = in.readLong();
                long afterCommit = in.readLong();
                if (i >= warmUp) {
                    sinceBefore[i - warmUp] = receipts.receivedAt(i) - beforeCommit;
                    sinceAfter[i - warmUp] = receipts.receivedAt(i) - afterCommit;
                }
            }
        }
        report(entrant, "from before the commit, ", sinceBefore);
        report(entrant, "from after the commit, ", sinceAfter);
        results.add(entrant, "duplicates", "events", receipts.duplicates());
        results.add(entrant, "inversions", "events", receipts.inversions());
    }

    private void report(Entrant entrant, String from, long[] nanos) {
        Arrays.sort(nanos);
        results.add(entrant, from + "p50", "ms", millis(nanos, 0.50));
        results.add(entrant, from + "p95", "ms", millis(nanos, 0.95));
        results.add(entrant, from + "p99", "ms", millis(nanos, 0.99));
        results.add(entrant, from + "max", "ms", millis(nanos, 1.00));
    }

    private static double millis(long[] sorted, double quantile) {
        int index = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[index] / 1e6;
    }
}
