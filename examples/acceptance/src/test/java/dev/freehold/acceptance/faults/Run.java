package dev.freehold.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.kafka.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults, one after the other in each of some hands, at random times while everything is under load; and the audit. What is
 * done, to whom and for how long comes from the seed; how it meets what the services do at that moment cannot.
 */
record Run(long seed, Landscape.Conditions conditions, List<Fault> faults, int hands) {

    private static final Logger log = LoggerFactory.getLogger(Run.class);
    private static final Duration LONGEST_CALM = Duration.ofMillis(500);
    private static final double TOLERANCE_SECONDS = 60;

    void assertNothingGoesWrong() throws Exception {
        log.info("{}", this);
        long start = System.nanoTime();
        try (Landscape landscape = Landscape.start(conditions)) {
            landscape.awaitProgress();
            long loaded = System.nanoTime();
            Exception failure = strike(landscape);
            Audit audit = landscape.audit();
            log.info(
                    "{} {} faults in {} s ({} s with start and end): {}, longest silence {} s, instances that ended by"
                            + " themselves: {}",
                    conditions,
                    faults.size(),
                    seconds(loaded),
                    seconds(start),
                    audit,
                    seconds(0, landscape.longestSilence().toNanos()),
                    landscape.deaths());
            audit.assertRight(promised());
            if (conditions.clocksApart()) {
                assertClocksApart(landscape);
            }
            if (failure != null) {
                throw new AssertionError("not everything came up again after " + this, failure);
            }
        } catch (AssertionError e) {
            throw new AssertionError("with freehold.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    /** Else what has gone well was easy. */
    private static void assertClocksApart(Landscape landscape) {
        double wrongBy = Services.WRONG_BY.toSeconds();
        assertThat(landscape.aheadOfTime()).isBetween(wrongBy - TOLERANCE_SECONDS, wrongBy + TOLERANCE_SECONDS);
        assertThat(landscape.behindTime()).isBetween(wrongBy - TOLERANCE_SECONDS, wrongBy + TOLERANCE_SECONDS);
    }

    /** After a crash of a database server events may come again with either delivery. */
    private Delivery promised() {
        return faults.contains(Fault.DATABASE_CRASHED) ? Delivery.AT_LEAST_ONCE : conditions.delivery();
    }

    /** Returns what kept a hand from going on; the audit tells more. */
    private @Nullable Exception strike(Landscape landscape) throws InterruptedException {
        Queue<Fault> left = new ConcurrentLinkedQueue<>(faults);
        List<Future<?>> striking = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(hands);
        for (int hand = 0; hand < hands; hand++) {
            Random random = new Random(seed + hand);
            striking.add(threads.submit(() -> strike(landscape, left, random)));
        }
        threads.shutdown();
        Exception failure = null;
        for (Future<?> hand : striking) {
            try {
                hand.get();
            } catch (ExecutionException e) {
                failure = e;
            }
        }
        return failure;
    }

    private static void strike(Landscape landscape, Queue<Fault> left, Random random) {
        for (Fault fault = left.poll(); fault != null; fault = left.poll()) {
            Outage.last(Duration.ofMillis(random.nextLong(LONGEST_CALM.toMillis())));
            long start = System.nanoTime();
            fault.strike(landscape, random);
            long over = System.nanoTime();
            landscape.awaitProgress();
            log.info("{} took {} s, and then {} s until events came", fault, seconds(start, over), seconds(over));
        }
    }

    private static String seconds(long start) {
        return seconds(start, System.nanoTime());
    }

    private static String seconds(long start, long end) {
        return "%.1f".formatted((end - start) / 1e9);
    }
}
