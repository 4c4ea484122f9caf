package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** The trace of the publisher goes on in the consumers, where the service has tracing. */
class TracingAutoConfigurationTests {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final ApplicationContextRunner service = OutboxAutoConfigurationTests.service(database);

    @AfterEach
    void drop() {
        database.drop();
    }

    private @Nullable String storedTraceparent() {
        return new JdbcTemplate(database.plainDataSource())
                .queryForObject("SELECT traceparent FROM outbox_event", String.class);
    }

    @Test
    void storesTheTraceOfThePublisher() {
        Tracer tracer = tracer("0af7651916cd43dd8448eb211c80319c", true);
        service.withBean(Tracer.class, () -> tracer).run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(storedTraceparent()).isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    @Test
    void storesAShortTraceIdAtFullLength() {
        Tracer tracer = tracer("8448eb211c80319c", false);
        service.withBean(Tracer.class, () -> tracer).run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(storedTraceparent()).isEqualTo("00-00000000000000008448eb211c80319c-b7ad6b7169203331-00");
    }

    @Test
    void storesNoneOutsideATrace() {
        service.withBean(Tracer.class, () -> Tracer.NOOP)
                .run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(storedTraceparent()).isNull();
    }

    @Test
    void storesNoneWithoutTracer() {
        service.run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(storedTraceparent()).isNull();
    }

    @Test
    void storesWithoutTracingOnTheClassPath() {
        service.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(OutboxAutoConfiguration.Traceparent.class);
                    OutboxAutoConfigurationTests.publish(context, "1");
                });

        assertThat(storedTraceparent()).isNull();
    }

    private static Tracer tracer(String traceId, boolean sampled) {
        TraceContext trace = mock();
        given(trace.traceId()).willReturn(traceId);
        given(trace.spanId()).willReturn("b7ad6b7169203331");
        given(trace.sampled()).willReturn(sampled);
        CurrentTraceContext current = mock();
        given(current.context()).willReturn(trace);
        Tracer tracer = mock();
        given(tracer.currentTraceContext()).willReturn(current);
        return tracer;
    }
}
