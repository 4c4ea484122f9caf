package dev.freehold.outbox.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Meters of requests with a token. */
final class ConsistencyMeters implements SmartInitializingSingleton {

    private static final String READS = "freehold.inbox.consistency.reads";

    private final ConsistencyCounters counters;
    private final ObjectProvider<MeterRegistry> registries;

    ConsistencyMeters(ConsistencyCounters counters, ObjectProvider<MeterRegistry> registries) {
        this.counters = counters;
        this.registries = registries;
    }

    @Override
    public void afterSingletonsInstantiated() {
        registries.ifAvailable(registry -> {
            count(registry, "reached", ConsistencyCounters::reached);
            count(registry, "stale", ConsistencyCounters::stale);
        });
    }

    private void count(MeterRegistry registry, String outcome, ToDoubleFunction<ConsistencyCounters> counter) {
        FunctionCounter.builder(READS, counters, counter)
                .description("Requests with a consistency token, by whether its events were handled in time")
                .baseUnit("requests")
                .tag("outcome", outcome)
                .register(registry);
    }
}
