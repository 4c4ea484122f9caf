package dev.freehold.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** One trace from the request to the last listener, across the outbox, the broker and another listener's own event. */
class OneTraceTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final TestDatabase database = PostgresServer.shared().createDatabase();

    @AfterEach
    void drop() {
        database.drop();
    }

    @OutboxEvent(type = "tracing.asked", topic = "tracing-questions")
    record Asked(@EventKey String id) {}

    @OutboxEvent(type = "tracing.answered", topic = "tracing-answers")
    record Answered(@EventKey String id) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {

        @Bean
        Seen seen(Tracer tracer) {
            return new Seen(tracer, new ConcurrentHashMap<>());
        }

        @Bean
        Questions questions(Outbox outbox, Seen seen) {
            return new Questions(outbox, seen);
        }

        @Bean
        Listeners listeners(Outbox outbox, Seen seen) {
            return new Listeners(outbox, seen);
        }
    }

    /** The spans in which something ran. */
    record Seen(Tracer tracer, Map<String, Span> spans) {
        void in(String place) {
            spans.put(place, Objects.requireNonNull(tracer.currentSpan()));
        }

        String traceIn(String place) {
            return Objects.requireNonNull(spans.get(place)).context().traceId();
        }

        String spanIn(String place) {
            return Objects.requireNonNull(spans.get(place)).context().spanId();
        }

        String parentIn(String place) {
            return String.valueOf(
                    Objects.requireNonNull(spans.get(place)).context().parentId());
        }
    }

    @RestController
    static class Questions {
        private final Outbox outbox;
        private final Seen seen;

        Questions(Outbox outbox, Seen seen) {
            this.outbox = outbox;
            this.seen = seen;
        }

        @PostMapping("/questions/{id}")
        @Transactional
        public void ask(@PathVariable("id") String id) {
            seen.in("request");
            outbox.publish(new Asked(id));
        }
    }

    static class Listeners {
        private final Outbox outbox;
        private final Seen seen;

        Listeners(Outbox outbox, Seen seen) {
            this.outbox = outbox;
            this.seen = seen;
        }

        @InboxListener(topic = "tracing-questions")
        void on(Asked asked) {
            seen.in("first listener");
            outbox.publish(new Answered(asked.id()));
        }

        @InboxListener(topic = "tracing-answers")
        void on(Answered answered) {
            seen.in("second listener");
        }
    }

    @Test
    void goesFromTheRequestToTheLastListener() throws Exception {
        KafkaServer.shared().createTopic("tracing-questions", 1, Map.of());
        KafkaServer.shared().createTopic("tracing-answers", 1, Map.of());
        try (ConfigurableApplicationContext context = run()) {
            int port = Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                    .getPort();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:%d/questions/1".formatted(port)))
                    .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);

            Seen seen = context.getBean(Seen.class);
            await().atMost(LIMIT).until(() -> seen.spans().containsKey("second listener"));
            assertThat(seen.traceIn("request")).isEqualTo(TRACE);
            assertThat(seen.traceIn("first listener")).isEqualTo(TRACE);
            assertThat(seen.traceIn("second listener")).isEqualTo(TRACE);
            assertThat(seen.parentIn("first listener")).isEqualTo(seen.spanIn("request"));
            assertThat(seen.parentIn("second listener")).isEqualTo(seen.spanIn("first listener"));
            assertThat(context.getBean(MeterRegistry.class)
                            .get("freehold.inbox.listener")
                            .tag("type", "tracing.asked")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    private ConfigurableApplicationContext run() {
        return new SpringApplication(App.class)
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--spring.kafka.bootstrap-servers="
                                + KafkaServer.shared().bootstrapServers(),
                        "--spring.application.name=tracing",
                        "--management.tracing.sampling.probability=1.0",
                        "--management.otlp.metrics.export.enabled=false",
                        "--freehold.outbox.initialize-schema=always");
    }
}
