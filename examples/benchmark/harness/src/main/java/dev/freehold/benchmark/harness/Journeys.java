package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Sample;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * The events of a steady load from their commits to their receipts. A part of the load is told by the times at which its
 * transactions were to begin, since the load began.
 */
final class Journeys {

    private final long begunAt;
    private final int perSecond;
    private final long[] beforeCommit;
    private final long[] afterCommit;
    private final Receipts receipts;

    private Journeys(long begunAt, int perSecond, long[] beforeCommit, long[] afterCommit, Receipts receipts) {
        this.begunAt = begunAt;
        this.perSecond = perSecond;
        this.beforeCommit = beforeCommit;
        this.afterCommit = afterCommit;
        this.receipts = receipts;
    }

    /** Takes the times of the commits from the file which the load has written. */
    static Journeys read(Path times, int events, long begunAt, int perSecond, Receipts receipts) throws IOException {
        long[] beforeCommit = new long[events];
        long[] afterCommit = new long[events];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(times)))) {
            for (int i = 0; i < events; i++) {
                beforeCommit[i] = in.readLong();
                afterCommit[i] = in.readLong();
            }
        }
        return new Journeys(begunAt, perSecond, beforeCommit, afterCommit, receipts);
    }

    /** From just before the commit to the receipt. */
    Sample sinceBefore(Duration from, Duration to) {
        return Sample.of(numbers(from, to).mapToLong(number -> receipts.receivedAt(number) - beforeCommit[number]));
    }

    /** From when the commit had returned to the receipt. */
    Sample sinceAfter(Duration from, Duration to) {
        return Sample.of(numbers(from, to).mapToLong(number -> receipts.receivedAt(number) - afterCommit[number]));
    }

    /** The longest time without a receipt, in milliseconds. */
    double longestPauseMillis(Duration from, Duration to) {
        long[] received = IntStream.range(0, beforeCommit.length)
                .mapToLong(receipts::receivedAt)
                .filter(at -> at >= begunAt + from.toNanos() && at <= begunAt + to.toNanos())
                .sorted()
                .toArray();
        return IntStream.range(1, received.length)
                        .mapToLong(i -> received[i] - received[i - 1])
                        .max()
                        .orElseThrow()
                / 1e6;
    }

    private IntStream numbers(Duration from, Duration to) {
        return IntStream.range(number(from), Math.min(number(to), beforeCommit.length));
    }

    private int number(Duration sinceBegin) {
        return Math.toIntExact(sinceBegin.toMillis() * perSecond / 1000);
    }
}
