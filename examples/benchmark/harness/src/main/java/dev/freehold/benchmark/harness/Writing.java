package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.benchmark.report.Results;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an event costs the business transaction that writes it; no relay runs.
 *
 * <p>All processes are up, and take turns in short slices, so that the machine's moods hit everybody alike.
 */
final class Writing implements Scenario {

    private static final int[] THREADS = {1, 8};
    private static final int KEYS = 10_000;

    private final Settings settings;
    private final Servers servers;
    private final Results results;
    private final Map<Entrant, ContestantJvm> writers = new EnumMap<>(Entrant.class);
    private final List<Surroundings> used = new ArrayList<>();

    private Writing(Settings settings, Servers servers, Results results) {
        this.settings = settings;
        this.servers = servers;
        this.results = results;
    }

    /** Starts all processes and warms them up. */
    static Writing open(Settings settings, Servers servers, Results results) throws Exception {
        Writing writing = new Writing(settings, servers, results);
        try {
            writing.open();
            return writing;
        } catch (Exception e) {
            writing.close();
            throw e;
        }
    }

    private void open() throws Exception {
        for (Entrant entrant :
                settings.entrants().stream().filter(Entrant::writes).toList()) {
            Surroundings surroundings = servers.fresh(entrant, KEYS);
            used.add(surroundings);
            ContestantJvm writer = ContestantJvm.launch(entrant, surroundings);
            writers.put(entrant, writer);
            writer.prepare();
            writer.start(Role.WRITER);
        }
        for (ContestantJvm writer : writers.values()) {
            for (int threads : THREADS) {
                writer.transactionsPerSecond(threads, settings.warmUp().toMillis());
            }
        }
    }

    @Override
    public void repeat() throws Exception {
        for (Surroundings each : used) {
            servers.settle(each);
        }
        for (int threads : THREADS) {
            report(threads, measure(threads));
        }
    }

    private Map<Entrant, Double> measure(int threads) throws Exception {
        Map<Entrant, Double> sums = new EnumMap<>(Entrant.class);
        for (int i = 0; i < settings.slices(); i++) {
            for (Map.Entry<Entrant, ContestantJvm> each : writers.entrySet()) {
                double rate = each.getValue()
                        .transactionsPerSecond(threads, settings.slice().toMillis());
                sums.merge(each.getKey(), rate, Double::sum);
            }
        }
        sums.replaceAll((entrant, sum) -> sum / settings.slices());
        return sums;
    }

    private void report(int threads, Map<Entrant, Double> rates) {
        String by = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
        rates.forEach((entrant, rate) -> {
            results.add(entrant, "transactions" + by, "tx/s", rate);
            Double bare = rates.get(Entrant.HAND_WRITTEN);
            if (bare != null) {
                results.add(entrant, "to one bare INSERT" + by, "ratio", rate / bare);
            }
            Double none = rates.get(Entrant.NO_OUTBOX);
            if (none != null) {
                results.add(entrant, "to no outbox" + by, "ratio", rate / none);
            }
        });
    }

    @Override
    public void close() throws Exception {
        writers.values().forEach(ContestantJvm::close);
        for (Surroundings each : used) {
            servers.discard(each);
        }
    }
}
