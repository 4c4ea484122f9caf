package dev.freehold.composition;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * When a source is asked a second time for the same, while the first answer is still awaited: after a time, or after the one within
 * which that share of its answers came lately; for one in twenty of its calls at most. Dean and Barroso, The Tail at Scale, 2013.
 */
final class Hedges {

    private static final double SHARE = 0.05;
    private static final double MOST_SAVED = 10; // hedges that a quiet time leaves for a busy one

    /**
     * When.
     *
     * @param time after that
     * @param share or, if that is null, after the time within which this share of the answers came
     */
    record After(@Nullable Duration time, double share) {

        private static final Pattern QUANTILE = Pattern.compile("p([5-9]\\d)");

        /** Reads what is declared, such as {@code 50ms} or {@code p95}; null: never, or it is something else, which has been said. */
        static @Nullable After of(String text, Site site) {
            if (text.isEmpty()) {
                return null;
            }
            Matcher quantile = QUANTILE.matcher(text);
            try {
                return quantile.matches()
                        ? new After(null, Integer.parseInt(quantile.group(1)) / 100.0)
                        : new After(Budget.checked(DurationFormatterUtils.detectAndParse(text)), 0);
            } catch (IllegalArgumentException unreadable) {
                site.wrong(
                        "has %s.".formatted(site.option("hedgeAfter", '"' + text + '"')),
                        "Say a time, 1ms to 10m, or p50 to p99: the time within which that many of a hundred answers came.");
                return null;
            }
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable After after;
    private double saved;

    Hedges(@Nullable After after) {
        this.after = after;
    }

    /** How long to wait for the first answer; null: do not ask again. */
    @Nullable
    Duration delay(Pace pace) {
        if (after == null) {
            return null;
        }
        lock.lock();
        try {
            saved = Math.min(MOST_SAVED, saved + SHARE);
        } finally {
            lock.unlock();
        }
        Duration delay = after.time() == null ? pace.quantile(after.share()) : after.time();
        return delay.isZero() ? null : delay;
    }

    /** Takes one of those that are allowed. */
    boolean tryTake() {
        lock.lock();
        try {
            if (saved < 1) {
                return false;
            }
            saved--;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
