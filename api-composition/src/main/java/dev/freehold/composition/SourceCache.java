package dev.freehold.composition;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;

/**
 * What a source has answered before, key by key, in one of Spring's caches. How many answers it keeps and for how long at most is the
 * cache's business; a cache that fails is as good as an empty one.
 */
final class SourceCache {

    private static final Logger log = LoggerFactory.getLogger(View.class);

    /** Answers that were made at the same time do not end at the same time: a tenth of their time is left to chance. */
    private static final double CERTAIN = 0.9;

    /**
     * With these the source has answered, if not as it should: somebody who is refused today is not shown what was found yesterday
     * (RFC 5861, section 4, leaves out what is no server's error, too).
     */
    private static final Set<Cause> ANSWERED = EnumSet.of(Cause.CLIENT_ERROR, Cause.TOO_LARGE);

    private final String source;
    private final Cache cache;
    private final Times times;
    private final DoubleSupplier chance;

    SourceCache(String source, Cache cache, Times times, DoubleSupplier chance) {
        this.source = source;
        this.cache = cache;
        this.times = times;
        this.chance = chance;
    }

    /**
     * How long answers are good for.
     *
     * @param fresh in place of a call; null: as long as the cache keeps them
     * @param stale if there is no answer to a call
     * @param absent that there is no row, in place of a call
     */
    record Times(@Nullable Duration fresh, Duration stale, Duration absent) {}

    /**
     * What was answered for a key.
     *
     * @param row a row, or the list of a grouped source; null: there was none
     * @param asOf when the source was asked
     * @param freshUntil until when it is good in place of a call; null: always
     * @param token that its source had been told, and had got so far; null: none
     */
    record Entry(
            @SuppressWarnings("serial") @Nullable Object row,
            Instant asOf,
            @Nullable Instant freshUntil,
            @Nullable String token)
            implements Serializable {

        /** Whether it is good in place of a call whose source would be told that token, or none. */
        boolean isFresh(Instant now, @Nullable String wanted) {
            return (freshUntil == null || now.isBefore(freshUntil)) && (wanted == null || wanted.equals(token));
        }
    }

    /** What an entry is found by. Sources may have one cache together. */
    record Key(
            String source,
            @SuppressWarnings("serial") Object scope,
            @SuppressWarnings("serial") Object key) implements Serializable {}

    String name() {
        return cache.getName();
    }

    /** What is known of a key, fresh or not; null if nothing is. Throws what the cache throws. */
    @Nullable
    Entry find(Object scope, Object key) {
        return cache.get(new Key(source, scope, key), Entry.class);
    }

    /** Tells that it failed, so that the source is asked, or asked again. */
    void failed(RuntimeException failure) {
        log.warn("Cache '{}' of source '{}' failed: a page goes on without it", cache.getName(), source, failure);
    }

    /** Whether it may be shown if the source cannot be asked now: not that there was nothing. */
    boolean isUsable(Entry entry, Instant now) {
        return !isAbsent(entry.row()) && !now.isAfter(entry.asOf().plus(times.stale()));
    }

    private static boolean isAbsent(@Nullable Object row) {
        return row == null || row instanceof List<?> rows && rows.isEmpty();
    }

    /** Whether a failure leaves room for what was answered before. */
    static boolean bridges(Cause cause) {
        return !ANSWERED.contains(cause);
    }

    /** Keeps what was answered for a key. Throws what the cache throws. */
    void put(Object scope, Object key, @Nullable Object row, Instant asOf, @Nullable String token) {
        Object kept = row instanceof RowList rows ? List.copyOf(rows) : row; // not all rows of the call
        cache.put(
                new Key(source, scope, key),
                new Entry(kept, asOf, end(asOf, isAbsent(row) ? times.absent() : times.fresh()), token));
    }

    private @Nullable Instant end(Instant asOf, @Nullable Duration good) {
        return good == null
                ? null
                : asOf.plusNanos((long) (good.toNanos() * (CERTAIN + (1 - CERTAIN) * chance.getAsDouble())));
    }
}
