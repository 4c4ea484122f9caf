package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.PublishedStates;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** From an entity to another service's copy of it, in a whole application on real servers. */
class StateApplicationTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();

    @AfterEach
    void drop() {
        database.drop();
    }

    record CustomerName(long id, long version, String name) {}

    static class Listener {
        final List<String> got = new CopyOnWriteArrayList<>();

        @InboxListener(topic = "customers", type = "customers.customer", newestBy = "version")
        void on(Optional<CustomerName> customer, EventContext context) {
            got.add(context.key() + " " + customer.map(CustomerName::name).orElse("gone"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan
    static class App {
        @Bean
        Listener listener() {
            return new Listener();
        }

        @Bean
        Function<Stock, Stock.Level> levels() {
            return stock -> new Stock.Level(stock.sku, stock.onHand, stock.reserved);
        }
    }

    @Test
    void keepsACopyInAnotherServiceUpToDate() {
        KafkaServer.shared().createTopic("customers", 1, Map.of("cleanup.policy", "compact"));
        KafkaServer.shared().createTopic("stock", 1, Map.of("cleanup.policy", "compact"));
        try (ConfigurableApplicationContext context = run()) {
            List<String> got = context.getBean(Listener.class).got;
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            EntityManager entities = context.getBean(EntityManager.class);
            transaction.executeWithoutResult(status -> {
                entities.persist(new Customer(1, "Ann"));
                entities.persist(new Customer(2, "Bob"));
                entities.persist(new Stock("bolts"));
            });
            transaction.executeWithoutResult(status -> entities.find(Customer.class, 1L).name = "Anna");
            transaction.executeWithoutResult(status -> entities.remove(entities.find(Customer.class, 2L)));
            await().atMost(LIMIT).until(() -> got.size() >= 4);
            assertThat(got).containsExactly("1 Ann", "2 Bob", "1 Anna", "2 gone");

            assertThat(context.getBean(PublishedStates.class).publishAll(Customer.class, 100))
                    .isEqualTo(1);
            transaction.executeWithoutResult(status -> entities.find(Customer.class, 1L).name = "Hanna");
            await().atMost(LIMIT).until(() -> got.contains("1 Hanna"));
            assertThat(got)
                    .as("a state of the same version comes again, since not every change raises it")
                    .containsExactly("1 Ann", "2 Bob", "1 Anna", "2 gone", "1 Anna", "1 Hanna");
            assertThat(context.getBean(JdbcClient.class)
                            .sql("SELECT count(*) FROM outbox_event WHERE aggregatetype = 'stock'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    private ConfigurableApplicationContext run() {
        return new SpringApplication(App.class)
                .run(
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--spring.kafka.bootstrap-servers="
                                + KafkaServer.shared().bootstrapServers(),
                        "--spring.application.name=copies",
                        "--spring.jpa.hibernate.ddl-auto=create",
                        "--freehold.outbox.initialize-schema=always");
    }
}
