package dev.freehold.composition;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the cache of a source knows of a page's keys. A cache that fails is left alone for the rest of the page, or each key would meet
 * the same failure: there are other ways to an answer.
 */
final class Recollection {

    private final SourceCache cache;
    private final Map<Integer, SourceCache.Entry> stale = new HashMap<>(0);
    private @Nullable Object scope;
    private @Nullable String token;
    private boolean failed;

    Recollection(SourceCache cache) {
        this.cache = cache;
    }

    /** For whom, and with which token. */
    void of(Whose whose) {
        scope = whose.people();
        token = whose.token();
    }

    /** Whether there is anything to be had, or to be kept. */
    boolean isOpen() {
        return scope != null && !failed;
    }

    /** What is good in place of a call; null if nothing is. What would do if the call fails is kept for its slot. */
    SourceCache.@Nullable Entry find(int slot, Object key, Instant now) {
        if (scope == null || failed) {
            return null;
        }
        try {
            SourceCache.Entry entry = cache.find(scope, key);
            if (entry != null && entry.isFresh(now, token)) {
                return entry;
            }
            if (entry != null && cache.isUsable(entry, now)) {
                stale.put(slot, entry);
            }
        } catch (RuntimeException failure) { // whatever a cache throws
            leave(failure);
        }
        return null;
    }

    /** What was answered before, to be shown in place of a failure; null if there is nothing, or it must not be shown. */
    SourceCache.@Nullable Entry inPlaceOf(Failure failure, int slot) {
        return SourceCache.bridges(failure.cause()) ? stale.get(slot) : null;
    }

    /** Keeps what was answered. */
    void keep(Object key, @Nullable Object row, Instant asOf) {
        if (scope == null || failed) {
            return;
        }
        try {
            cache.put(scope, key, row, asOf, token);
        } catch (RuntimeException failure) { // whatever a cache throws: the page has its answer
            leave(failure);
        }
    }

    private void leave(RuntimeException failure) {
        failed = true;
        cache.failed(failure);
    }
}
