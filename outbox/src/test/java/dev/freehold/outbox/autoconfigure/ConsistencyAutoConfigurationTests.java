package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxException;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.kafka.KafkaInbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ConsistencyAutoConfigurationTests {

    private static final String FILTER = "consistencyFilter";

    private static TestDatabase database;
    private static WebApplicationContextRunner service;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        service = ConsistencyFilterTests.service(database);
    }

    @AfterAll
    static void drop() {
        database.drop();
    }

    /** Security's is at -100 and an application's own anywhere: who is turned away must not keep a thread waiting. */
    @Test
    void putsItsFilterBehindAllOthers() {
        service.run(context -> {
            FilterRegistrationBean<?> filter = context.getBean(FILTER, FilterRegistrationBean.class);
            assertThat(filter.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE);
            assertThat(filter.isEnabled()).isTrue();
        });
    }

    @Test
    void isOffWithoutHeader() {
        service.withPropertyValues("freehold.outbox.consistency-header=")
                .run(context -> assertThat(context.getBean(FILTER, FilterRegistrationBean.class)
                                .isEnabled())
                        .isFalse());
    }

    @Test
    void isOffWithTheOutbox() {
        service.withPropertyValues("freehold.outbox.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FILTER));
    }

    @Test
    void backsOffForAFilterOfTheUser() {
        service.withBean(FILTER, String.class, () -> "mine")
                .run(context ->
                        assertThat(context).hasNotFailed().getBean(FILTER).isEqualTo("mine"));
    }

    @Test
    void isNotThereOutsideOfAWebApplication() {
        OutboxAutoConfigurationTests.service(database)
                .withConfiguration(AutoConfigurations.of(ConsistencyAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FILTER));
    }

    @Test
    void isNotThereWithoutServletsOrSpringWeb() {
        for (String missing : List.of("jakarta.servlet", "org.springframework.web.filter")) {
            OutboxAutoConfigurationTests.service(database)
                    .withConfiguration(AutoConfigurations.of(ConsistencyAutoConfiguration.class))
                    .withClassLoader(new FilteredClassLoader(missing))
                    .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FILTER));
        }
    }

    @Test
    void refusesATimeOutOfBounds() {
        Map<String, String> mistakes = Map.of(
                "11s", "consistencyWait must be between 0 and 10 seconds, was PT11S",
                "-1ms", "consistencyWait must be between 0 and 10 seconds, was PT-0.001S");
        mistakes.forEach((wrong, message) -> service.withPropertyValues("freehold.inbox.consistency-wait=" + wrong)
                .run(context -> assertThat(context).getFailure().hasRootCauseMessage(message)));
        for (String right : List.of("0", "10s")) {
            service.withPropertyValues("freehold.inbox.consistency-wait=" + right)
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void refusesANameThatNoHeaderHas() {
        service.withPropertyValues("freehold.outbox.consistency-header=X Consistency")
                .run(context -> {
                    assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContainingAll("'X Consistency'", "such as X-Consistency-Token");
                });
    }

    @Test
    void countsRequestsWithAToken() {
        service.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("freehold.inbox.consistency-wait=0")
                .run(context -> {
                    request(context, null);
                    request(context, "p1.x");
                    request(context, "e1.AZC1oAAAcACAAAAAAAAAAYOhSNQ");
                    request(context, "e1.*");
                    request(context, "e1.*");
                    request(context, "garbage");

                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(count(registry, "reached")).isEqualTo(1);
                    assertThat(count(registry, "stale")).isEqualTo(3);
                });
    }

    private static void request(ApplicationContext context, @org.jspecify.annotations.Nullable String token)
            throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        if (token != null) {
            request.addHeader("X-Consistency-Token", token);
        }
        FilterRegistrationBean<?> filter = context.getBean(FILTER, FilterRegistrationBean.class);
        Objects.requireNonNull(filter.getFilter())
                .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
    }

    private static double count(MeterRegistry registry, String outcome) {
        return registry.get("freehold.inbox.consistency.reads")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void knowsNothingOfMicrometerWhereItIsNot() {
        service.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context ->
                        assertThat(context).hasNotFailed().hasBean(FILTER).doesNotHaveBean("consistencyMeters"));
    }

    /** Its consumers run elsewhere, and nobody here has asked for any; its listeners tell what there is to wait for. */
    @Test
    void knowsTheListenersOfTheServiceWithoutConsumers() {
        service.withBean("nobodyHere", KafkaInbox.class, () -> new KafkaInbox(Map.of(), List.of(), 1))
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    Inbox inbox = context.getBean(Inbox.class);
                    ConsistencyToken token;
                    try (CommittedEvents events = CommittedEvents.record()) {
                        OutboxAutoConfigurationTests.publish(context, "1");
                        token = events.token();
                    }
                    assertThat(inbox.await(token, Duration.ZERO)).isFalse();
                    assertThat(inbox.await(token, Duration.ZERO, "tests")).isFalse();
                    assertThatThrownBy(() -> inbox.await(token, Duration.ZERO, "others"))
                            .isInstanceOf(InboxException.class)
                            .hasMessageContaining("[tests]");
                });
    }
}
