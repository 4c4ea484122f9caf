package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.autoconfigure.OutboxAutoConfigurationTests.Happened;
import dev.freehold.outbox.kafka.KafkaInbox;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

class InboxAutoConfigurationTests {

    private static TestDatabase database;
    private static HikariDataSource pool;
    private static ApplicationContextRunner service;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        pool = database.dataSource(2);
        service = OutboxAutoConfigurationTests.service(database)
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues("spring.kafka.bootstrap-servers=localhost:1");
    }

    @AfterAll
    static void drop() {
        pool.close();
        database.drop();
    }

    @Test
    void notesIdsOfHandledMessages() {
        service.run(context -> {
            Inbox inbox = context.getBean(Inbox.class);
            assertThat(inbox.once("tests", "1", () -> {})).isTrue();
            assertThat(inbox.once("tests", "1", () -> {})).isFalse();
            assertThat(context).hasSingleBean(KafkaInbox.class);
        });
    }

    @Test
    void isThereWithoutKafka() {
        service.withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
                .run(context -> assertThat(context).hasSingleBean(Inbox.class).doesNotHaveBean("kafkaInbox"));
    }

    @Test
    void backsOffForAnInboxOfTheUser() {
        service.withBean(
                        "ownInbox",
                        Inbox.class,
                        () -> Inbox.builder()
                                .dataSource(pool)
                                .transactionManager(new DataSourceTransactionManager(pool))
                                .build())
                .run(context -> assertThat(context).hasSingleBean(Inbox.class).hasBean("ownInbox"));
    }

    @Test
    void backsOffForAKafkaInboxOfTheUser() {
        service.withBean("ownKafkaInbox", KafkaInbox.class, () -> new KafkaInbox(Map.of(), List.of(), 1))
                .run(context ->
                        assertThat(context).hasSingleBean(KafkaInbox.class).hasBean("ownKafkaInbox"));
    }

    @Test
    void refusesAListenerThatIsDeclaredWrongly() {
        service.withBean(ReturningListener.class)
                .run(context -> OutboxAutoConfigurationTests.assertRefused(
                        context, ReturningListener.class.getName(), "return nothing"));
    }

    @Test
    void refusesAListenerWithoutGroupInAnApplicationWithoutName() {
        service.withBean(ListenerWithoutGroup.class)
                .withPropertyValues("spring.application.name=")
                .run(context -> OutboxAutoConfigurationTests.assertRefused(context, "spring.application.name"));
    }

    @Test
    void refusesATopicThatNoPropertyTells() {
        service.withBean(ListenerWithPlaceholder.class)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("orders-topic"));
    }

    @Test
    void refusesSettingsOutOfBounds() {
        Map<String, String> mistakes = Map.of(
                "max-attempts=0", "maxAttempts must be between 1 and 100, was 0",
                "backoff=2m", "backoff must be between 1 ms and 1 minute, was PT2M",
                "concurrency=0", "concurrency must be at least 1, was 0");
        mistakes.forEach((wrong, message) -> service.withPropertyValues("freehold.inbox." + wrong)
                .run(context -> assertThat(context).getFailure().hasRootCauseMessage(message)));
    }

    @Test
    void refusesAnUnknownChoice() {
        service.withPropertyValues("freehold.inbox.unknown-type=explode")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("freehold.inbox.unknown-type"));
    }

    @Test
    void refusesSeveralManagersOfItsDataSourceWithoutPrimary() {
        OutboxAutoConfigurationTests.bare(database)
                .withBean(DataSource.class, () -> pool)
                .withBean("first", PlatformTransactionManager.class, () -> new DataSourceTransactionManager(pool))
                .withBean("second", PlatformTransactionManager.class, () -> new DataSourceTransactionManager(pool))
                .run(context -> OutboxAutoConfigurationTests.assertRefused(context, "none is primary", "@Primary"));
    }

    static class ReturningListener {
        @InboxListener(topic = "tests")
        String on(Happened event) {
            return event.id();
        }
    }

    static class ListenerWithoutGroup {
        @InboxListener(topic = "tests")
        void on(Happened event) {}
    }

    static class ListenerWithPlaceholder {
        @InboxListener(topic = "${orders-topic}")
        void on(Happened event) {}
    }
}
