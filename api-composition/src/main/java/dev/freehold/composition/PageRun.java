package dev.freehold.composition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page: asks for the roots, has the rest {@linkplain Fetch fetched}, and makes the rows. If inner joins leave rows out, it
 * asks for more roots, a few times, within the same budget; of other sources it asks then what it does not know yet.
 */
final class PageRun {

    private static final int REFILLS = 3;

    /** However few rows are left, a refill asks for no more than four times of what is lacking. */
    private static final double LEAST_YIELD = 0.25;

    private final Plan plan;
    private final Exchange exchange;
    private final @Nullable Tape tape;
    private final Instant now;
    private final long begun;
    private List<Object> rows = List.of();
    private final List<Round> rounds = new ArrayList<>(1);
    private final Shortage shortage;
    private SourceRun @Nullable [] sources;
    private Duration searched = Duration.ZERO;
    private Map<String, Set<Object>> keys = Map.of(); // that the roots are restricted to

    PageRun(Plan plan, Caller caller, Budget budget, Whose whose, @Nullable Tape tape, long begun, Instant now) {
        this.plan = plan;
        this.tape = tape;
        this.exchange = new Exchange(plan, caller, budget, whose, now);
        this.now = now;
        this.shortage = new Shortage(plan.name(), now);
        this.begun = begun;
    }

    /** What the sources have said to it, if that is taken down. */
    Optional<PageRecording> recorded() {
        return Optional.ofNullable(tape).map(taken -> taken.recorded(sources));
    }

    /** Asks the root source for its rows and makes the page around them. */
    Page<Object> page(@Nullable Object filter, Keyset at, int limit) {
        if (tape != null) {
            tape.page(filter, at, limit);
        }
        KeySearch search = new KeySearch(plan, exchange, tape);
        keys = search.find(filter);
        searched = search.time();
        note(search.hasMissed());
        if (keys.values().stream().anyMatch(Set::isEmpty)) {
            add(null, new Object[0], 0); // none match: there is nothing to ask for
            return made(null);
        }
        Keyset next = addFrom(filter, at, limit, limit);
        for (int refill = 0; plan.dropsRows() && next != null && rows.size() < limit && refill < REFILLS; refill++) {
            try {
                next = addFrom(filter, next, wanted(limit), limit);
            } catch (SourceUnavailableException | AbsentPartException cutShort) {
                break; // what there is makes a page, and the next one begins with what is wrong
            }
        }
        return made(next);
    }

    /** Makes the page around rows that are there. */
    Page<Object> compose(Object[] roots) {
        if (tape != null) {
            tape.given(roots);
        }
        add(null, roots, roots.length);
        return made(null);
    }

    /** Asks for some roots, adds their rows, and tells where the rest begins; adds nothing if anything fails. */
    private @Nullable Keyset addFrom(@Nullable Object filter, Keyset at, int wanted, int limit) {
        Reply reply = new RootCall(plan, exchange, tape).ask(filter, keys, at, wanted);
        note(reply.missed());
        RootRows roots = RootRows.of(plan.root(), at, wanted, Objects.requireNonNull(reply.answer()));
        plan.root().requireRestricted(keys, roots.rows());
        Object last = add(reply, roots.rows(), limit - rows.size()).lastUsed();
        return last == null ? roots.next() : plan.root().after(last);
    }

    /** Rows that a source should know, and does not, are not in the page. */
    private void note(boolean missed) {
        if (missed) {
            shortage.behind();
        }
    }

    private Round add(@Nullable Reply reply, Object[] roots, int room) {
        if (sources == null) {
            sources = SourceRun.of(plan, roots.length);
        }
        Round round = new Round(plan, exchange, sources, reply, roots, new Shortage(plan.name(), now), room);
        rounds.add(round);
        rows = rows.isEmpty() ? round.rows() : both(rows, round.rows());
        shortage.add(round.shortage());
        return round;
    }

    private static List<Object> both(List<Object> some, List<Object> more) {
        List<Object> both = new ArrayList<>(some);
        both.addAll(more);
        return both;
    }

    /** As many roots as should give the rows that are lacking, by what has come of roots so far. */
    private int wanted(int limit) {
        int fetched = rounds.stream().mapToInt(Round::roots).sum();
        double yield = Math.max(LEAST_YIELD, (double) rows.size() / fetched);
        return (int) Math.ceil((limit - rows.size()) / yield);
    }

    private Page<Object> made(@Nullable Keyset next) {
        List<Page.Missing> missing = shortage.missing();
        Analysis analysis =
                Analyst.analyse(plan, rounds, rows.size(), missing.isEmpty(), searched, exchange.nanoTime() - begun);
        return new Page<>(Collections.unmodifiableList(rows), next, missing, shortage.isStale(), analysis);
    }
}
