package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Backlog;
import dev.freehold.outbox.OutboxRelay;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Meters of the relay. The backlog is asked of the database, at most every ten seconds, and by the active relay only; the
 * others report {@code NaN}, so the largest of all instances is right.
 */
final class OutboxMeters implements MeterBinder {

    private final OutboxRelay relay;
    private final RefreshedValue<Backlog> backlog;

    OutboxMeters(OutboxRelay relay) {
        this.relay = relay;
        this.backlog = new RefreshedValue<>("outbox-backlog", relay::backlog);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(
                        "freehold.outbox.published", relay, it -> it.status().published())
                .description("Events that the broker acknowledged, with repetitions")
                .baseUnit("events")
                .register(registry);
        FunctionCounter.builder(
                        "freehold.outbox.parked", relay, it -> it.status().parked())
                .description("Events that were parked or put aside")
                .register(registry);
        FunctionCounter.builder(
                        "freehold.outbox.failures", relay, it -> it.status().failures())
                .description("Attempts to publish that failed because database or broker were away")
                .register(registry);
        Gauge.builder(
                        "freehold.outbox.active",
                        relay,
                        it -> it.status().shards().size())
                .description("Shards whose leases this instance's relay holds")
                .register(registry);
        Gauge.builder("freehold.outbox.shards", relay, it -> it.status().shardsInAll())
                .description("Shards that there are")
                .register(registry);
        backlog(
                registry,
                "freehold.outbox.backlog",
                "Events that are not published yet, up to 10,000",
                Backlog::events);
        backlog(registry, "freehold.outbox.parked.keys", "Keys that are parked", Backlog::parkedKeys);
        backlog(
                registry,
                "freehold.outbox.parked.events",
                "Events that wait behind parked keys",
                Backlog::parkedEvents);
        backlog(registry, "freehold.outbox.dead.letters", "Events that were put aside", Backlog::deadLetters);
        TimeGauge.builder(
                        "freehold.outbox.oldest",
                        this,
                        TimeUnit.MILLISECONDS,
                        it -> it.value(b -> b.oldest().toMillis()))
                .description("Age of the oldest event that is not published yet")
                .register(registry);
    }

    private void backlog(MeterRegistry registry, String name, String description, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, this, it -> it.value(value))
                .description(description)
                .register(registry);
    }

    private double value(ToDoubleFunction<Backlog> value) {
        Backlog present = relay.isActive() ? backlog.get() : null;
        return present == null ? Double.NaN : value.applyAsDouble(present);
    }
}
