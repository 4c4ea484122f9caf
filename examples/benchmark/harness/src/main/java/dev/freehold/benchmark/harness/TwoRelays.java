package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Results;

/** What a second relay on the same outbox brings, and what it does to the order. */
record TwoRelays(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    @Override
    public void measure(Entrant entrant) throws Exception {
        int events = settings.backlog(entrant);
        BacklogRun.Outcome one = BacklogRun.of(servers, entrant, events, 1);
        BacklogRun.Outcome two = BacklogRun.of(servers, entrant, events, 2);
        double ratio = two.warm().rate() / one.warm().rate();
        results.add(entrant, "rate, one relay", "events/s", one.warm().rate());
        results.add(entrant, "rate, two relays", "events/s", two.warm().rate());
        results.add(entrant, "two relays to one", "ratio", ratio);
        results.add(entrant, "inversions, one relay", "events", one.inversions());
        results.add(entrant, "inversions, two relays", "events", two.inversions());
        results.add(entrant, "duplicates, one relay", "events", one.duplicates());
        results.add(entrant, "duplicates, two relays", "events", two.duplicates());
    }
}
