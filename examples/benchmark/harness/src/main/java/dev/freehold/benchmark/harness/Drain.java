package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.report.Results;

/**
 * How fast one relay works off a backlog, and at what price; nothing may be lost.
 *
 * @param backlogs how many times the usual backlog it is
 */
record Drain(Settings settings, Servers servers, Results results, int backlogs) implements OneByOne.Measurement {

    /** The usual one is over before a JVM has compiled what it runs. */
    static final int LONGER = 6;

    @Override
    public void measure(Entrant entrant) throws Exception {
        int events = backlogs * settings.backlog(entrant);
        BacklogRun.Outcome outcome = BacklogRun.of(servers, entrant, events, 1);
        results.add(entrant, "rate, cold process", "events/s", outcome.cold().rate());
        results.add(entrant, "rate, warm process", "events/s", outcome.warm().rate());
        results.add(entrant, "start to end, warm process", "s", outcome.warm().seconds());
        results.add(entrant, "CPU, warm process", "µs/event", outcome.warm().cpu());
        results.add(entrant, "CPU of the relay", "µs/event", outcome.warm().relayCpu());
        results.add(entrant, "CPU of PostgreSQL", "µs/event", outcome.warm().postgresCpu());
        results.add(entrant, "CPU of Kafka", "µs/event", outcome.warm().kafkaCpu());
        results.add(entrant, "duplicates", "events", outcome.duplicates());
        results.add(entrant, "inversions", "events", outcome.inversions());
    }
}
