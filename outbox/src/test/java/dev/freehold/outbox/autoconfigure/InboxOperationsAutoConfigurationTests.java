package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.inbox.InboxStatus;
import dev.freehold.outbox.kafka.KafkaInbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What an operator sees and can do of the inbox. */
class InboxOperationsAutoConfigurationTests {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private ApplicationContextRunner bare;
    private ApplicationContextRunner service;

    @BeforeEach
    void prepare() {
        bare = OutboxAutoConfigurationTests.service(database)
                .withConfiguration(
                        AutoConfigurations.of(KafkaAutoConfiguration.class, InboxOperationsAutoConfiguration.class))
                .withBean(Listener.class)
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=localhost:1",
                        "freehold.inbox.retention=0",
                        "freehold.inbox.max-attempts=1",
                        "management.endpoints.web.exposure.include=inbox",
                        "management.endpoints.jmx.exposure.include=inbox");
        service = bare.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class));
    }

    @AfterEach
    void drop() {
        database.drop();
    }

    @Test
    void showsReplaysAndDiscardsParkedMessages() {
        service.run(context -> {
            InboxEndpoint endpoint = context.getBean(InboxEndpoint.class);
            InboxMessage first = message("a", "1");
            consumer(context).handle(List.of(message("b", "2")));
            context.getBean(Listener.class).failing = true;
            consumer(context).handle(List.of(first));
            consumer(context).handle(List.of(message("a", "3")));

            assertThat(endpoint.groups())
                    .containsExactly(Map.entry(
                            "tests",
                            new InboxEndpoint.Group(List.of("things"), new InboxStatus(1, 0, 0, 2), List.of("a"))));
            assertThat(endpoint.parked("tests", 10, false))
                    .extracting(InboxEndpoint.Parked::payload)
                    .containsExactly(null, null);
            assertThat(endpoint.parked("tests", 1, true)).singleElement().satisfies(parked -> {
                assertThat(parked.payload()).isEqualTo("{\"name\":\"1\"}");
                assertThat(parked.cause()).contains("not now");
            });

            context.getBean(Listener.class).failing = false;
            assertThat(endpoint.operate(
                            "tests", "discard", null, first.context().id()))
                    .isEqualTo(Map.of("discarded", 1));
            assertThat(endpoint.operate("tests", "replay", "a", null)).isEqualTo(Map.of("handled", 1));
            assertThat(consumer(context).parkedKeys()).isEmpty();
        });
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        service.run(context -> {
            InboxEndpoint endpoint = context.getBean(InboxEndpoint.class);
            refuses(
                    () -> endpoint.parked("nobody", null, null),
                    "There is no group 'nobody' here. Groups are [tests].");
            refuses(() -> endpoint.operate("tests", "delete", "a", null), "Use replay or discard");
            refuses(() -> endpoint.operate("tests", "replay", null, null), "Name the key");
            refuses(() -> endpoint.operate("tests", "discard", "a", null), "Name the id");
        });
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable mistake, String advice) {
        assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(mistake)
                .extracting(InvalidEndpointRequestException::getReason)
                .asString()
                .contains(advice);
    }

    @Test
    void countsWhatBecameOfMessages() {
        service.withBean(SimpleMeterRegistry.class).run(context -> {
            InboxMessage message = message("a", "1");
            consumer(context).handle(List.of(message));
            consumer(context).handle(List.of(message));
            context.getBean(Listener.class).failing = true;
            consumer(context).handle(List.of(message("b", "2")));

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(count(registry, "handled")).isEqualTo(1);
            assertThat(count(registry, "duplicate")).isEqualTo(1);
            assertThat(count(registry, "outdated")).isZero();
            assertThat(count(registry, "parked")).isEqualTo(1);
            assertThat(registry.get("freehold.inbox.parked.keys")
                            .tag("group", "tests")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    private static double count(MeterRegistry registry, String outcome) {
        return registry.get("freehold.inbox.messages")
                .tag("group", "tests")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void knowsNothingOfActuatorAndMicrometerWhereTheyAreNot() {
        bare.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate", "io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("inboxEndpoint")
                        .doesNotHaveBean("inboxMeters"));
    }

    private static InboxConsumer consumer(ApplicationContext context) {
        return context.getBean(KafkaInbox.class).consumer("tests").orElseThrow();
    }

    private static InboxMessage message(String key, String name) {
        return new InboxMessage(
                new EventContext(
                        UUID.randomUUID(), "things.named", 1, "/things", key, Instant.now(), "things", 0, 0, Map.of()),
                "{\"name\":\"%s\"}".formatted(name).getBytes(StandardCharsets.UTF_8));
    }

    record Named(String name) {}

    static class Listener {
        volatile boolean failing;

        @InboxListener(topic = "things", type = "things.named")
        public void on(Named event) {
            if (failing) {
                throw new IllegalStateException("not now");
            }
        }
    }
}
