package dev.freehold.outbox.autoconfigure;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/** Writes Micrometer's trace context as W3C {@code traceparent}, version 00. */
final class Traceparents {

    private static final int TRACE_ID_LENGTH = 32;

    private Traceparents() {}

    static @Nullable String current(Tracer tracer) {
        TraceContext context = tracer.currentTraceContext().context();
        if (context == null || context.traceId().isEmpty()) {
            return null;
        }
        String traceId = "0".repeat(TRACE_ID_LENGTH - context.traceId().length()) + context.traceId();
        return "00-%s-%s-%s".formatted(traceId, context.spanId(), Boolean.TRUE.equals(context.sampled()) ? "01" : "00");
    }
}
