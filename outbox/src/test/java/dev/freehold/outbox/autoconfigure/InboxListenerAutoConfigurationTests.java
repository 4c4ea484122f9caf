package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.autoconfigure.OutboxAutoConfigurationTests.Happened;
import dev.freehold.outbox.kafka.KafkaInbox;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** Whichever way a bean with listeners comes into the context, messages reach it, or the start fails. */
class InboxListenerAutoConfigurationTests {

    private static TestDatabase database;
    private static ApplicationContextRunner withoutKafka;
    private static ApplicationContextRunner service;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        withoutKafka = OutboxAutoConfigurationTests.service(database);
        service = withoutKafka
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=localhost:1",
                        // Or each start would wait for the broker to tell how long its topics keep messages.
                        "freehold.inbox.retention=0");
        service.run(context -> assertThat(context).hasNotFailed());
    }

    @AfterAll
    static void drop() {
        database.drop();
    }

    private static void assertListens(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBean(KafkaInbox.class).isRunning()).isTrue();
        assertThat(context.getBean(KafkaInbox.class).consumer("tests"))
                .hasValueSatisfying(consumer -> assertThat(consumer.topics()).containsExactly("tests"));
    }

    @Test
    void refusesListenersWithoutKafkaOnTheClassPath() {
        withoutKafka
                .withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
                .withBean(Listener.class)
                .run(context -> OutboxAutoConfigurationTests.assertRefused(
                        context, "spring-boot-starter-kafka", "KafkaInbox bean"));
    }

    @Test
    void refusesListenersWithoutConsumerFactory() {
        withoutKafka
                .withBean(Listener.class)
                .run(context -> OutboxAutoConfigurationTests.assertRefused(
                        context, "spring-boot-starter-kafka", "KafkaInbox bean"));
    }

    @Test
    void refusesListenersThatAreNoSingletons() {
        service.withBean(Listener.class, Listener::new, definition -> definition.setScope("prototype"))
                .run(context -> OutboxAutoConfigurationTests.assertRefused(context, "Make it a singleton"));
    }

    @Test
    void needsNoConsumerFactoryOfSeveralWithoutListeners() {
        twoConsumerFactories().run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void refusesListenersWithSeveralConsumerFactories() {
        twoConsumerFactories()
                .withBean(Listener.class)
                .run(context -> OutboxAutoConfigurationTests.assertRefused(
                        context, "several ConsumerFactory beans", "@Primary"));
    }

    @Test
    void findsListenersOfABeanDeclaredByItsInterface() {
        service.withUserConfiguration(DeclaredByInterface.class)
                .run(InboxListenerAutoConfigurationTests::assertListens);
    }

    @Test
    void findsListenersOfBeansMadeAfterSomebodyAskedForTheInbox() {
        service.withUserConfiguration(AskingEarly.class).run(InboxListenerAutoConfigurationTests::assertListens);
    }

    @Test
    void startsListenersUnderLazyInitialization() {
        service.withBean(Listener.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(InboxListenerAutoConfigurationTests::assertListens);
    }

    private static ApplicationContextRunner twoConsumerFactories() {
        return withoutKafka
                .withBean("first", ConsumerFactory.class, InboxListenerAutoConfigurationTests::consumers)
                .withBean("second", ConsumerFactory.class, InboxListenerAutoConfigurationTests::consumers);
    }

    private static ConsumerFactory<?, ?> consumers() {
        return new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", "localhost:1"));
    }

    static class Listener implements Handler {
        @InboxListener(topic = "tests")
        public void on(Happened event) {}
    }

    interface Handler {}

    @Configuration(proxyBeanMethods = false)
    static class DeclaredByInterface {
        @Bean
        Handler handler() {
            return new Listener();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AskingEarly {
        @Bean
        String early(KafkaInbox inbox) {
            return "asked " + inbox;
        }

        @Bean
        Handler later() {
            return new Listener();
        }
    }
}
