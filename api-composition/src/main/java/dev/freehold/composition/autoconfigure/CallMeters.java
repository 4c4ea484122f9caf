package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Compositions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;

/** How many calls of each source are in flight, also such that nobody waits for any more. */
final class CallMeters implements MeterBinder {

    private final ObjectProvider<Compositions> compositions;

    CallMeters(ObjectProvider<Compositions> compositions) {
        this.compositions = compositions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Compositions present = compositions.getObject();
        for (String source : present.sources()) {
            Gauge.builder(
                            "freehold.composition.calls.active",
                            present,
                            all -> all.callsInFlight().getOrDefault(source, 0))
                    .description("Calls in flight, also such that nobody waits for any more")
                    .tag("source", source)
                    .register(registry);
        }
    }
}
