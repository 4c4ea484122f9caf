package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.autoconfigure.OutboxAutoConfigurationTests.Happened;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Events given to Spring's publisher are stored with the publisher's transaction, or its call fails. */
class ApplicationEventAutoConfigurationTests {

    private static TestDatabase database;
    private static ApplicationContextRunner service;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        service = OutboxAutoConfigurationTests.service(database);
        service.run(context -> assertThat(context).hasNotFailed());
    }

    @AfterAll
    static void drop() {
        database.drop();
    }

    @BeforeEach
    void empty() {
        new JdbcTemplate(database.plainDataSource()).execute("TRUNCATE outbox_event");
    }

    private static void inTransaction(ApplicationContext context, Runnable work) {
        new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> work.run());
    }

    @Test
    void storesWithTheTransactionOfThePublisher() {
        service.run(context -> {
            inTransaction(context, () -> context.publishEvent(new Happened("1")));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> inTransaction(context, () -> {
                        context.publishEvent(new Happened("2"));
                        throw new IllegalStateException("rolled back");
                    }));
        });

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1");
    }

    @Test
    void refusesAtThePublisherWithoutTransaction() {
        service.run(context -> assertThatExceptionOfType(OutboxException.class)
                .isThrownBy(() -> context.publishEvent(new Happened("1")))
                .withMessageContaining("@Transactional"));

        assertThat(OutboxAutoConfigurationTests.events(database)).isEmpty();
    }

    @Test
    void storesOnThePublishersThreadWhenOtherListenersRunElsewhere() {
        service.withUserConfiguration(AsynchronousListeners.class).run(context -> {
            inTransaction(context, () -> context.publishEvent(new Happened("1")));
            assertThat(context.getBean(Observer.class).threads.poll(10, TimeUnit.SECONDS))
                    .isNotNull()
                    .isNotEqualTo(Thread.currentThread());
            assertThatExceptionOfType(OutboxException.class)
                    .isThrownBy(() -> context.publishEvent(new Happened("2")))
                    .withMessageContaining("@Transactional");
        });

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1");
    }

    private static void refuses(Object event, String fix) {
        service.run(context -> assertThatExceptionOfType(OutboxException.class)
                .isThrownBy(() -> inTransaction(context, () -> context.publishEvent(event)))
                .withMessageContaining(fix));

        assertThat(OutboxAutoConfigurationTests.events(database)).isEmpty();
    }

    @Test
    void refusesASubclassOfAnEventClass() {
        refuses(new Moved() {}, "@OutboxEvent(type");
    }

    @Test
    void refusesACollectionOfEvents() {
        refuses(List.of(new Happened("1")), "one by one");
        refuses(Set.of("not for the outbox", new Happened("1")), "one by one");
    }

    @Test
    void leavesOtherCollectionsAlone() {
        service.run(context -> inTransaction(context, () -> context.publishEvent(List.of("not for the outbox"))));

        assertThat(OutboxAutoConfigurationTests.events(database)).isEmpty();
    }

    @Test
    void refusesEventsThatExtendSpringsOwnClass() {
        refuses(new SpringsOwn("1"), "Make it a record of its own");
    }

    @Test
    void leavesOtherApplicationEventsAlone() {
        service.run(context -> {
            context.publishEvent("not for the outbox");
            inTransaction(context, () -> context.publishEvent("not for the outbox either"));
        });

        assertThat(OutboxAutoConfigurationTests.events(database)).isEmpty();
    }

    @OutboxEvent(type = "tests.moved", topic = "tests")
    static class Moved {
        @EventKey
        public final String id = "1";
    }

    @OutboxEvent(type = "tests.springs-own", topic = "tests")
    static class SpringsOwn extends ApplicationEvent {
        private static final long serialVersionUID = 1L;

        @EventKey
        public final String id;

        SpringsOwn(String id) {
            super("source");
            this.id = id;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsynchronousListeners {
        @Bean(destroyMethod = "shutdown")
        ExecutorService listenerThreads() {
            return Executors.newSingleThreadExecutor();
        }

        @Bean
        ApplicationEventMulticaster applicationEventMulticaster(ExecutorService listenerThreads) {
            SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
            multicaster.setTaskExecutor(listenerThreads);
            return multicaster;
        }

        @Bean
        Observer observer() {
            return new Observer();
        }
    }

    static class Observer {
        final LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

        @EventListener
        void on(Happened event) {
            threads.add(Thread.currentThread());
        }
    }
}
