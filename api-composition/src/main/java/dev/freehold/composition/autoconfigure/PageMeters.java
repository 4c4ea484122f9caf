package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Analysis;
import dev.freehold.composition.Cause;
import dev.freehold.composition.PageListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;

/**
 * Times of pages ({@code freehold.composition.page}), what of them is not the sources' ({@code freehold.composition.overhead}), keys
 * that were asked and calls that failed. Tags are views, sources and causes, never keys.
 */
final class PageMeters implements PageListener {

    private final MeterRegistry registry;

    PageMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void failed(String view, RuntimeException failure, Duration used) {
        time(view, "failed", used);
    }

    private void time(String view, String outcome, Duration used) {
        Timer.builder("freehold.composition.page")
                .description("Time that pages took")
                .tag("view", view)
                .tag("outcome", outcome)
                .register(registry)
                .record(used);
    }

    @Override
    public void made(Analysis analysis) {
        time(analysis.view(), analysis.complete() ? "complete" : "incomplete", analysis.used());
        Timer.builder("freehold.composition.overhead")
                .description("Time of pages that is not the sources' on the critical path")
                .tag("view", analysis.view())
                .register(registry)
                .record(analysis.overhead());
        for (Analysis.Line line : analysis.steps()) {
            registry.counter("freehold.composition.keys", "view", analysis.view(), "source", line.source())
                    .increment(line.asked());
            for (Map.Entry<Cause, Integer> failed : line.failures().entrySet()) {
                registry.counter(
                                "freehold.composition.failures",
                                "view",
                                analysis.view(),
                                "source",
                                line.source(),
                                "cause",
                                failed.getKey().name())
                        .increment(failed.getValue());
            }
        }
    }
}
