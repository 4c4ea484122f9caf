package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.internal.ActionableException;
import dev.freehold.outbox.wiring.Oracle;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxAutoConfigurationTests {

    @OutboxEvent(type = "tests.happened", topic = "tests")
    record Happened(@EventKey String id) {}

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        service(database).run(context -> assertThat(context).hasNotFailed());
    }

    @AfterAll
    static void drop() {
        database.drop();
    }

    @BeforeEach
    void empty() {
        new JdbcTemplate(database.plainDataSource()).execute("TRUNCATE outbox_event");
    }

    /** A service with JDBC and without Kafka, whose tables are made at start. */
    static ApplicationContextRunner service(TestDatabase database) {
        return bare(database).withConfiguration(jdbc());
    }

    /** A service without DataSource and transaction manager. */
    static ApplicationContextRunner bare(TestDatabase database) {
        return new ApplicationContextRunner().withConfiguration(ours()).withPropertyValues(properties(database));
    }

    static AutoConfigurations jdbc() {
        return AutoConfigurations.of(
                DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class);
    }

    static AutoConfigurations ours() {
        return AutoConfigurations.of(
                PropertyPlaceholderAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                OutboxAutoConfiguration.class,
                InboxAutoConfiguration.class);
    }

    static String[] properties(TestDatabase database) {
        return new String[] {
            "spring.application.name=tests",
            "spring.datasource.url=" + database.url(),
            "spring.datasource.username=" + database.user(),
            "spring.datasource.password=" + database.password(),
            "spring.datasource.hikari.maximum-pool-size=2",
            "freehold.outbox.initialize-schema=always",
            "freehold.outbox.relay.enabled=false"
        };
    }

    /** Publishes in a transaction of the context's primary manager. */
    static void publish(ApplicationContext context, String id) {
        new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> context.getBean(Outbox.class).publish(new Happened(id)));
    }

    static List<String> events(TestDatabase database) {
        return new JdbcTemplate(database.plainDataSource())
                .query("SELECT aggregateid FROM outbox_event ORDER BY position", (row, n) -> row.getString(1));
    }

    /** The start failed for a reason of ours that tells what to do. */
    static void assertRefused(AssertableApplicationContext context, String... fix) {
        assertThat(context).hasFailed();
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof ActionableException)) {
            failure = failure.getCause();
        }
        assertThat(failure).as("cause of %s", context.getStartupFailure()).isInstanceOf(ActionableException.class);
        assertThat(failure).hasMessageContainingAll(fix);
    }

    @Test
    void storesWithJdbc() {
        service(database).run(context -> {
            publish(context, "1");
            assertThat(context).hasSingleBean(Inbox.class).doesNotHaveBean(OutboxRelay.class);
        });

        assertThat(events(database)).containsExactly("1");
    }

    @Test
    void isOffByProperty() {
        service(database)
                .withPropertyValues("freehold.outbox.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Outbox.class)
                        .doesNotHaveBean(Inbox.class)
                        .doesNotHaveBean(OutboxRelay.class)
                        .doesNotHaveBean("outboxSchemaInitializer"));
    }

    @Test
    void backsOffForAnOutboxOfTheUser() {
        service(database)
                .withUserConfiguration(OwnOutbox.class)
                .run(context -> assertThat(context.getBean(Outbox.class)).isInstanceOf(NotedOutbox.class));
    }

    @Test
    void refusesNoDataSource() {
        bare(database)
                .run(context -> assertRefused(
                        context, "no DataSource", "spring.datasource.url", "freehold.outbox.enabled=false"));
    }

    @Test
    void refusesTwoDataSourcesWithoutPrimary() {
        bare(database)
                .withBean("first", DataSource.class, database::plainDataSource)
                .withBean("second", DataSource.class, database::plainDataSource)
                .run(context -> assertRefused(context, "2 DataSource beans", "@Primary"));
    }

    @Test
    void choosesThePrimaryOfTwoDataSources() {
        bare(database).withUserConfiguration(TwoDatabases.class).run(context -> {
            publish(context, "1");
            TransactionTemplate other =
                    new TransactionTemplate(context.getBean("otherManager", PlatformTransactionManager.class));
            assertThatExceptionOfType(OutboxException.class)
                    .isThrownBy(() -> other.executeWithoutResult(
                            status -> context.getBean(Outbox.class).publish(new Happened("2"))))
                    .withMessageContaining("@Transactional(\"");
        });

        assertThat(events(database)).containsExactly("1");
    }

    @Test
    void refusesNoTransactionManager() {
        bare(database)
                .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
                .run(context -> assertRefused(context, "spring-boot-starter-jdbc", "spring-boot-starter-data-jpa"));
    }

    @Test
    void refusesAnUnsupportedDatabase() {
        service(database)
                .withBean("dataSource", DataSource.class, Oracle::dataSource)
                .withPropertyValues("freehold.outbox.initialize-schema=never")
                .run(context -> assertRefused(context, "PostgreSQL 14"));
    }

    @Test
    void refusesWrongEventClassesOfTheApplication() {
        service(database)
                .withUserConfiguration(PackageWithMistakes.class)
                .run(context -> assertRefused(context, "Event class dev.freehold.outbox.wiring."));
    }

    @Test
    void refusesAPayloadLimitOutOfBounds() {
        service(database)
                .withPropertyValues("freehold.outbox.max-payload=0B")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseMessage("maxPayloadBytes must be between 1 and 16777216, was 0"));
        service(database)
                .withPropertyValues("freehold.outbox.max-payload=17MB")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("maxPayloadBytes must be between 1 and 16777216"));
    }

    @Test
    void refusesAPayloadLimitThatIsNoNumberOfBytes() {
        service(database)
                .withPropertyValues("freehold.outbox.max-payload=3GB")
                .run(context ->
                        assertRefused(context, "freehold.outbox.max-payload is 3072 MB", "some megabytes at most"));
    }

    @Test
    void refusesAPayloadLimitThatIsNoSize() {
        service(database)
                .withPropertyValues("freehold.outbox.max-payload=much")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("freehold.outbox.max-payload"));
    }

    @Test
    void storesOnceWithAManagerThatHasTwoNames() {
        service(database).withUserConfiguration(TwoNames.class).run(context -> publish(context, "1"));

        assertThat(events(database)).containsExactly("1");
    }

    @Test
    void storesOnALazyConnection() {
        service(database)
                .withPropertyValues("spring.datasource.connection-fetch=lazy")
                .run(context -> {
                    assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
                    publish(context, "1");
                });

        assertThat(events(database)).containsExactly("1");
    }

    @Test
    void makesTablesAndStoresWithAPoolThatDoesNotCommitByItself() {
        TestDatabase empty = PostgresServer.shared().createDatabase();
        service(empty)
                .withPropertyValues("spring.datasource.hikari.auto-commit=false")
                .run(context -> publish(context, "1"));

        assertThat(events(empty)).containsExactly("1");
        empty.drop();
    }

    @Test
    void makesTablesBeforeItLooksForThemWhenBeansAreLazy() {
        TestDatabase empty = PostgresServer.shared().createDatabase();
        service(empty)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> publish(context, "1"));

        assertThat(events(empty)).containsExactly("1");
        empty.drop();
    }

    private record NotedOutbox() implements Outbox {
        @Override
        public UUID publish(Object event) {
            return UUID.randomUUID();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnOutbox {
        @Bean
        Outbox ownOutbox() {
            return new NotedOutbox();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage(basePackages = "dev.freehold.outbox.wiring")
    static class PackageWithMistakes {}

    @Configuration(proxyBeanMethods = false)
    static class TwoNames {
        @Bean
        @Primary
        DataSourceTransactionManager ownManager(DataSource own) {
            return new DataSourceTransactionManager(own);
        }

        @Bean
        PlatformTransactionManager sameManager(@Qualifier("ownManager") PlatformTransactionManager own) {
            return own;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDatabases {
        @Bean
        @Primary
        HikariDataSource own() {
            return database.dataSource(2);
        }

        @Bean
        HikariDataSource other() {
            return database.dataSource(2);
        }

        @Bean
        @Primary
        PlatformTransactionManager ownManager(@Qualifier("own") DataSource own) {
            return new DataSourceTransactionManager(own);
        }

        @Bean
        PlatformTransactionManager otherManager(@Qualifier("other") DataSource other) {
            return new DataSourceTransactionManager(other);
        }
    }
}
