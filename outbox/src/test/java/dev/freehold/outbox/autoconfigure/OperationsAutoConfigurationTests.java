package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.ParkedEvents;
import dev.freehold.outbox.PublishedStates;
import dev.freehold.outbox.StoredEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Endpoint, health and meters: there if what they are for is there, and telling the truth. */
class OperationsAutoConfigurationTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final Transport transport = new Transport();
    private ApplicationContextRunner service;

    @BeforeEach
    void prepare() {
        service = bare().withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class));
    }

    private ApplicationContextRunner bare() {
        return OutboxAutoConfigurationTests.service(database)
                .withConfiguration(AutoConfigurations.of(OutboxOperationsAutoConfiguration.class))
                .withBean(OutboxTransport.class, () -> transport)
                .withPropertyValues(
                        "freehold.outbox.relay.enabled=true",
                        "freehold.outbox.relay.lease=1s",
                        "freehold.outbox.relay.max-parked-backoff=1h",
                        "management.endpoints.web.exposure.include=outbox",
                        "management.endpoints.jmx.exposure.include=outbox");
    }

    @AfterEach
    void drop() {
        database.drop();
    }

    @Test
    void showsAndOperatesParkedEvents() {
        transport.refusedKeys.addAll(Set.of("1", "2"));
        service.run(context -> {
            OutboxAutoConfigurationTests.publish(context, "1");
            OutboxAutoConfigurationTests.publish(context, "2");
            OutboxEndpoint endpoint = context.getBean(OutboxEndpoint.class);
            await().atMost(LIMIT).until(() -> keys(endpoint).size() == 2);
            assertThat(keys(endpoint)).extracting(ParkedEvents.Key::cause).containsOnly("it is refused");
            assertThat(events(endpoint, "events")).hasSize(2).allMatch(event -> event.payload() == null);
            assertThat(events(endpoint, "export"))
                    .extracting(OutboxEndpoint.ParkedEvent::payload)
                    .contains("{\"id\":\"1\"}");
            assertThat(endpoint.summary().relay())
                    .satisfies(relay -> assertThat(relay.active()).isTrue());
            assertThat(endpoint.summary().backlog())
                    .satisfies(backlog -> assertThat(backlog.parkedEvents()).isEqualTo(2));

            transport.refusedKeys.remove("1");
            assertThat(operate(endpoint, "replay", "1")).isEqualTo(Map.of("matched", 1));
            await().atMost(LIMIT).until(() -> transport.sent == 1);
            assertThat(operate(endpoint, "discard", "2")).isEqualTo(Map.of("matched", 1));
            await().atMost(LIMIT).until(() -> keys(endpoint).isEmpty());
            assertThat(transport.sent).isEqualTo(1);
        });
    }

    @Test
    void refusesAnOperationThatSelectsNothing() {
        service.run(context -> {
            OutboxEndpoint endpoint = context.getBean(OutboxEndpoint.class);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> operate(endpoint, "discard", null));
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> operate(endpoint, "delete", "1"));
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> events(endpoint, "everything"));
        });
    }

    @Test
    void isDownWhileNothingIsAcknowledgedAndUpAfterwards() {
        transport.answering = false;
        service.run(context -> {
            HealthIndicator indicator = context.getBean("outboxHealthIndicator", HealthIndicator.class);
            await().atMost(LIMIT).until(() -> health(indicator).getStatus() == Status.UP);
            OutboxAutoConfigurationTests.publish(context, "1");
            await().atMost(LIMIT).until(() -> health(indicator).getStatus() == Status.DOWN);
            assertThat(health(indicator).getDetails())
                    .containsEntry("lastFailure", "the transport acknowledges nothing")
                    .containsKey("failingSince");

            transport.answer();
            await().atMost(LIMIT).until(() -> health(indicator).getStatus() == Status.UP);
        });
    }

    @Test
    void countsAndMeasures() {
        service.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(OutboxMeters.class).bindTo(registry);
            await().atMost(LIMIT)
                    .until(() -> registry.get("freehold.outbox.active").gauge().value() == 1);
            transport.refusedKeys.add("1");
            OutboxAutoConfigurationTests.publish(context, "1");
            await().atMost(LIMIT)
                    .until(() -> context.getBean(OutboxRelay.class).status().parked() == 1);
            OutboxAutoConfigurationTests.publish(context, "2");

            await().atMost(LIMIT).until(() -> count(registry, "freehold.outbox.published") == 1);
            assertThat(count(registry, "freehold.outbox.parked")).isEqualTo(1);
            assertThat(count(registry, "freehold.outbox.failures")).isZero();
            assertThat(registry.get("freehold.outbox.parked.keys").gauge().value())
                    .isEqualTo(1);
            assertThat(registry.get("freehold.outbox.backlog").gauge().value()).isZero();
            assertThat(registry.get("freehold.outbox.oldest").timeGauge().value())
                    .isZero();
        });
    }

    @Test
    void knowsNothingOfActuatorAndMicrometerWhereTheyAreNot() {
        bare().withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(ParkedEvents.class)
                        .doesNotHaveBean("outboxEndpoint")
                        .doesNotHaveBean("outboxHealthIndicator")
                        .doesNotHaveBean("outboxMeters"));
    }

    @Test
    void hasNoHealthOrMetersWhereAnotherInstancePublishes() {
        service.withPropertyValues("freehold.outbox.relay.enabled=false").run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(ParkedEvents.class)
                    .doesNotHaveBean(OutboxHealth.class)
                    .doesNotHaveBean(OutboxMeters.class);
            assertThat(context.getBean(OutboxEndpoint.class).summary().relay()).isNull();
        });
    }

    @Test
    void isNotExposedUnlessAskedFor() {
        service.withPropertyValues(
                        "management.endpoints.web.exposure.include=health",
                        "management.endpoints.jmx.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(OutboxEndpoint.class));
    }

    /** It may take long, so nobody waits for it; and it goes on once only. */
    @Test
    void publishesTheStatesOfAllRowsInTheBackground() {
        States states = new States();
        service.withBean(PublishedStates.class, () -> states).run(context -> {
            OutboxEndpoint endpoint = context.getBean(OutboxEndpoint.class);
            backfill(endpoint, "tests.thing");
            await().atMost(LIMIT).until(() -> states.begun.get() == 1);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> backfill(endpoint, "tests.thing"));
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> backfill(endpoint, "tests.other"));

            states.end.countDown();
            await().atMost(LIMIT)
                    .ignoreException(InvalidEndpointRequestException.class)
                    .until(() -> {
                        backfill(endpoint, "tests.thing");
                        return states.begun.get() >= 2;
                    });
        });
        service.run(context -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(() -> backfill(context.getBean(OutboxEndpoint.class), "tests.thing")));
    }

    @Test
    void publishesATopicAgainToAnother() {
        service.run(context -> {
            OutboxAutoConfigurationTests.publish(context, "1");
            await().atMost(LIMIT).until(() -> transport.sent == 1);
            OutboxEndpoint endpoint = context.getBean(OutboxEndpoint.class);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> republish(endpoint, "tests", null));
            republish(endpoint, "tests", "tests-again");
            await().atMost(LIMIT).until(() -> transport.sent == 2);
        });
    }

    private static void republish(OutboxEndpoint endpoint, String topic, @Nullable String newTopic) {
        endpoint.operate(
                "republish", null, topic, null, null, java.time.Instant.EPOCH, null, null, newTopic, null, null, null);
    }

    private static void backfill(OutboxEndpoint endpoint, String type) {
        endpoint.operate("backfill", null, null, null, type, null, null, null, null, null, null, null);
    }

    /** Takes its time. */
    private static final class States implements PublishedStates {
        final AtomicInteger begun = new AtomicInteger();
        final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void publish(Object entity) {}

        @Override
        public long publishAll(Class<?> entity, int rows) {
            begun.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        }

        @Override
        public Map<String, Class<?>> entities() {
            return Map.of("tests.thing", Object.class);
        }
    }

    private static Health health(HealthIndicator indicator) {
        Health health = indicator.health();
        return health == null ? Health.unknown().build() : health;
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).functionCounter().count();
    }

    @SuppressWarnings("unchecked")
    private static List<ParkedEvents.Key> keys(OutboxEndpoint endpoint) {
        return (List<ParkedEvents.Key>) endpoint.list("keys", null, null, null, null, null, null, null);
    }

    @SuppressWarnings("unchecked")
    private static List<OutboxEndpoint.ParkedEvent> events(OutboxEndpoint endpoint, String what) {
        return (List<OutboxEndpoint.ParkedEvent>) endpoint.list(what, null, null, null, null, null, null, 10);
    }

    private static Map<String, Integer> operate(OutboxEndpoint endpoint, String operation, @Nullable String key) {
        return endpoint.operate(operation, null, null, key, null, null, null, null, null, null, null, null);
    }

    /** Does as it is told. */
    private static final class Transport implements OutboxTransport, OutboxTransport.Session {

        private final CompletableFuture<Void> answer = new CompletableFuture<>();
        final Set<String> refusedKeys = ConcurrentHashMap.newKeySet();
        volatile boolean answering = true;
        volatile int sent;

        void answer() {
            answering = true;
            answer.complete(null);
        }

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            return refusedKeys.contains(event.key()) ? Optional.of("it is refused") : Optional.empty();
        }

        @Override
        public synchronized CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            sent += events.size();
            return answering ? CompletableFuture.completedFuture(null) : answer;
        }

        @Override
        public void close() {}
    }
}
