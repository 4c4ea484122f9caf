package dev.freehold.outbox;

import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * How a relay is doing, since its process started.
 *
 * @param running whether its thread runs
 * @param active whether it holds the lease of a shard, as far as it knows
 * @param shards the shards whose leases it holds; only 0 if there is one shard, which has all keys
 * @param shardsInAll how many shards there are, as far as it knows; 0 if it has not reached the database yet
 * @param published events that were acknowledged, with repetitions
 * @param parked events that were parked or put aside
 * @param failures attempts that failed because the database or the broker was not available
 * @param failingSince since when every attempt has failed, null if the last one did not
 * @param lastFailure what the last failure was, null if there was none since the last success
 */
public record RelayStatus(
        boolean running,
        boolean active,
        SortedSet<Integer> shards,
        int shardsInAll,
        long published,
        long parked,
        long failures,
        @Nullable Instant failingSince,
        @Nullable String lastFailure) {}
