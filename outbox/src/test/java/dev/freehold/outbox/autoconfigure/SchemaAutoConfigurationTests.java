package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/** Who makes the tables, and what is said when nobody did. */
@ExtendWith(OutputCaptureExtension.class)
class SchemaAutoConfigurationTests {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final ApplicationContextRunner service = OutboxAutoConfigurationTests.service(database);

    @AfterEach
    void drop() {
        database.drop();
    }

    @Test
    void makesTheTablesWhereItIsTold() {
        service.run(context -> OutboxAutoConfigurationTests.publish(context, "1"));
        service.run(context -> OutboxAutoConfigurationTests.publish(context, "2"));

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1", "2");
    }

    @Test
    void refusesMissingTablesWhereItIsNotTold() {
        for (String mode : new String[] {"never", "embedded"}) {
            service.withPropertyValues("freehold.outbox.initialize-schema=" + mode)
                    .run(context -> OutboxAutoConfigurationTests.assertRefused(
                            context,
                            "outbox_event is missing",
                            "classpath:dev/freehold/outbox/schema-postgresql.sql",
                            "freehold.outbox.initialize-schema=always"));
        }
    }

    @Test
    void usesTablesThatAMigrationHasMade() {
        service.run(context -> assertThat(context).hasNotFailed());

        service.withPropertyValues("freehold.outbox.initialize-schema=never")
                .run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1");
    }

    @Test
    void saysWhatToDoInsteadOfAStackTrace(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .properties(Map.of(
                                "spring.datasource.url", database.url(),
                                "spring.datasource.username", database.user(),
                                "freehold.outbox.relay.enabled", "false"))
                        .run()
                        .close());

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsSubsequence(
                        "Description:",
                        "Table outbox_event is missing.",
                        "Action:",
                        "Add the statements of classpath:dev/freehold/outbox/schema-postgresql.sql");
    }

    @Test
    void storesWithJpaBesideASchemaThatHibernateValidates() {
        new JdbcTemplate(database.plainDataSource())
                .execute("CREATE TABLE orders (id varchar(64) PRIMARY KEY, amount bigint NOT NULL)");

        service.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
                .withUserConfiguration(Entities.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=validate")
                .run(context -> {
                    assertThat(context).hasSingleBean(JpaTransactionManager.class);
                    OutboxAutoConfigurationTests.publish(context, "1");
                });

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1");
    }

    @Test
    void leavesItsTablesWhenHibernateCreatesAndDropsItsOwn() {
        service.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
                .withUserConfiguration(Entities.class)
                .withPropertyValues("spring.jpa.hibernate.ddl-auto=create-drop")
                .run(context -> OutboxAutoConfigurationTests.publish(context, "1"));

        assertThat(OutboxAutoConfigurationTests.events(database)).containsExactly("1");
    }

    @Configuration(proxyBeanMethods = false)
    static class Entities {
        @Bean
        PersistenceManagedTypes persistenceManagedTypes() {
            return PersistenceManagedTypes.of("dev.freehold.outbox.wiring.PlacedOrder");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        OutboxAutoConfiguration.class
    })
    static class Application {}
}
