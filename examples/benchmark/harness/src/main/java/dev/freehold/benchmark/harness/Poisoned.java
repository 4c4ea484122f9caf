package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Poison;
import dev.freehold.benchmark.report.Results;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What events that can never be sent cost the others: the first event of one key in a hundred is too large, in a backlog that
 * one warm relay drains. Compared is the rate of the other keys' events with that of a backlog without such events.
 *
 * <p>Once the topic's settings tell it beforehand. And once only the broker tells, because the producer compresses.
 */
record Poisoned(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    private static final int LARGEST_BATCH = 20_000;

    /** More than to drain, or it would be how the parking code warms up that is measured. */
    private static final int EVENTS_A_KEY = 40;

    private static final Poison POISON = new Poison(LARGEST_BATCH + 1_000);
    private static final Map<String, String> PLAIN = Map.of();
    private static final Map<String, String> COMPRESSED = Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");

    @Override
    public void measure(Entrant entrant) throws Exception {
        compare(entrant, "known beforehand", PLAIN);
        compare(entrant, "refused by the broker", COMPRESSED);
    }

    private void compare(Entrant entrant, String kind, Map<String, String> producer) throws Exception {
        int keys = settings.backlog(entrant) / 10;
        double healthy = run(entrant, keys, producer, Poison.NONE).warm().rate() * shareOfOtherKeys(keys);
        BacklogRun.Outcome poisoned = run(entrant, keys, producer, POISON);
        results.add(entrant, "rate without poison, " + kind, "events/s", healthy);
        results.add(entrant, "rate, " + kind, "events/s", poisoned.warm().rate());
        results.add(entrant, "to no poison, " + kind, "ratio", poisoned.warm().rate() / healthy);
        results.add(entrant, "duplicates, " + kind, "events", poisoned.duplicates());
        results.add(entrant, "inversions, " + kind, "events", poisoned.inversions());
    }

    private BacklogRun.Outcome run(Entrant entrant, int keys, Map<String, String> producer, Poison poison)
            throws Exception {
        return BacklogRun.of(
                servers,
                entrant,
                servers.freshWithLimit(entrant, keys, LARGEST_BATCH, producer),
                new BacklogRun.Plan(EVENTS_A_KEY * keys, 1, poison));
    }

    private static double shareOfOtherKeys(int keys) {
        return (double) IntStream.range(0, keys)
                        .filter(key -> !POISON.isIn(key))
                        .count()
                / keys;
    }
}
