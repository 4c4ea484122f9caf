package dev.freehold.composition;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the keys that a page's root rows are restricted to, before the root source is asked: all at once. */
final class KeySearch {

    private final Plan plan;
    private final Exchange exchange;
    private final @Nullable Tape tape;
    private final Map<RemoteFilter, Asked> inFlight = new IdentityHashMap<>(2);
    private final Set<RemoteFilter> askedAgain = new HashSet<>(2);
    private final Map<String, Set<Object>> found = new HashMap<>(2);
    private boolean missed;
    private long began = Long.MAX_VALUE;
    private long ended = Long.MIN_VALUE;

    /** What is asked for, and the right to an answer. */
    private record Asked(Object match, Caller.Ticket ticket) {}

    KeySearch(Plan plan, Exchange exchange, @Nullable Tape tape) {
        this.plan = plan;
        this.exchange = exchange;
        this.tape = tape;
    }

    /**
     * Waits for the answers.
     *
     * @return by the property of the root's rows; nothing for a component of the filter that is null
     * @throws SourceUnavailableException if there is none within the budget, or too many keys match
     */
    Map<String, Set<Object>> find(@Nullable Object filter) {
        try {
            for (RemoteFilter remote : plan.remoteFilters()) {
                Object value = filter == null ? null : remote.reader().apply(filter);
                if (value != null) {
                    ask(remote, value);
                }
            }
            while (!inFlight.isEmpty()) {
                if (!exchange.hear()) {
                    expire();
                }
            }
        } finally {
            inFlight.values().forEach(asked -> asked.ticket().giveBack());
        }
        return Map.copyOf(found);
    }

    /** How long it was under way. */
    Duration time() {
        return ended == Long.MIN_VALUE ? Duration.ZERO : Duration.ofNanos(ended - began);
    }

    /** Whether keys may be lacking, since a source has not got as far as it should. */
    boolean hasMissed() {
        return missed;
    }

    private void ask(RemoteFilter remote, Object value) {
        KeyFinder finder = remote.finder();
        KeyFinder.Match match = new KeyFinder.Match(value, finder.maxKeys() + 1);
        Caller.Ticket ticket = exchange.ask(finder, match, reply -> arrive(remote, value, reply));
        inFlight.put(remote, new Asked(value, ticket));
    }

    private void arrive(RemoteFilter remote, Object value, Reply reply) {
        Asked asked = inFlight.remove(remote);
        if (reply.isTimeout() && asked != null && asked.ticket().isShared() && askedAgain.add(remote)) {
            ask(remote, value); // whoever had asked first may have had less time than this page has
        } else {
            record(remote, value, reply);
            take(remote, reply);
        }
    }

    private void record(RemoteFilter remote, Object value, Reply reply) {
        if (tape != null) {
            tape.keys(remote.finder().source(), value, reply);
        }
    }

    private void take(RemoteFilter remote, Reply reply) {
        began = Math.min(began, reply.began());
        ended = Math.max(ended, reply.ended());
        missed |= reply.missed();
        KeyFinder finder = remote.finder();
        if (reply.failure() != null) {
            throw unavailable(remote, reply.failure());
        }
        if (!(reply.answer() instanceof Iterable<?> keys)) {
            throw unavailable(
                    remote, Failure.of(finder.source(), Cause.UNREADABLE, "it answered with null in place of keys"));
        }
        Set<Object> distinct = new HashSet<>();
        for (Object key : keys) {
            if (key != null) {
                distinct.add(key);
            }
        }
        if (distinct.size() > finder.maxKeys()) {
            throw unavailable(
                    remote,
                    Failure.of(
                            finder.source(),
                            Cause.TOO_LARGE,
                            "more than %d keys match '%s': narrow it, allow more by maxKeys, or build a replica for it"
                                    .formatted(finder.maxKeys(), remote.component())));
        }
        found.merge(remote.property(), Collections.unmodifiableSet(distinct), KeySearch::both);
    }

    private static Set<Object> both(Set<Object> one, Set<Object> other) {
        Set<Object> both = new HashSet<>(one);
        both.retainAll(other);
        return Collections.unmodifiableSet(both);
    }

    private void expire() {
        RemoteFilter late = inFlight.keySet().iterator().next();
        Asked asked = Objects.requireNonNull(inFlight.remove(late));
        Reply none = exchange.unanswered(late.finder().source(), asked.ticket().giveBack());
        record(late, asked.match(), none);
        throw unavailable(late, Objects.requireNonNull(none.failure()));
    }

    private SourceUnavailableException unavailable(RemoteFilter remote, Failure failure) {
        return new SourceUnavailableException(plan.name(), "filter " + remote.component(), failure);
    }
}
