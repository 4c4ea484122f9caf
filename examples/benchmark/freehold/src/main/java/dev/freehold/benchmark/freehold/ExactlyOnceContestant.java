package dev.freehold.benchmark.freehold;

import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.outbox.kafka.Delivery;

/** Freehold with its defaults, but in Kafka transactions. */
public final class ExactlyOnceContestant implements Contestant {

    private final FreeholdContestant freehold = new FreeholdContestant(Delivery.EXACTLY_ONCE);

    @Override
    public void prepare(Surroundings surroundings) {
        freehold.prepare(surroundings);
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return freehold.start(role, surroundings);
    }
}
