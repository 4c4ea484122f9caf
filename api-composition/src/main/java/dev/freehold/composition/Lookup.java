package dev.freehold.composition;

import java.util.Collection;
import java.util.Map;

/**
 * Finds what one source has for keys, as a page would: in batches, each key once, within its permits, policies, cache and budget.
 * For code that needs no view. Safe for use by several threads.
 *
 * @param <K> the key
 * @param <V> a row, or the list of rows of a source that has many for a key
 */
public interface Lookup<K, V> {

    /**
     * Finds it for several keys, on this thread and on those that the source is called on. It takes no longer than a page may unless its
     * view says otherwise, nor than the {@link Budget} of this thread.
     *
     * @param keys none of them null; each is asked for once
     * @return an entry for each key, in their order
     */
    Map<K, Part<V>> find(Collection<? extends K> keys);
}
