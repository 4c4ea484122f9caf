package dev.freehold.outbox.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.domain.AbstractAggregateRoot;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ApplicationTests {

    @OutboxEvent(type = "accounts.opened", topic = "accounts")
    public record AccountOpened(@EventKey String id, String by) {}

    @Entity(name = "account")
    public static class Account extends AbstractAggregateRoot<Account> {
        @Id
        private String id = "";

        @Version
        private @org.jspecify.annotations.Nullable Long version;

        static Account open(String id) {
            Account account = new Account();
            account.id = id;
            account.registerEvent(new AccountOpened(id, "aggregate"));
            return account;
        }
    }

    public interface Accounts extends JpaRepository<Account, String> {}

    static class Listener {
        final List<String> got = new CopyOnWriteArrayList<>();

        @InboxListener(topic = "${topic:accounts}", group = "audit")
        void on(AccountOpened event, EventContext context) {
            got.add(event.id() + " by " + event.by());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableJpaRepositories(considerNestedRepositories = true)
    @EntityScan(basePackageClasses = ApplicationTests.class)
    static class App {
        @Bean
        Listener listener() {
            return new Listener();
        }

        @Bean
        NewTopic accounts() {
            return new NewTopic("accounts", 2, (short) 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"at-least-once", "exactly-once"})
    void carriesEventsOfAllThreeWaysInToAListener(String delivery) throws Exception {
        TestDatabase db = PostgresServer.shared().createDatabase();
        try (KafkaProcess kafka = new KafkaProcess().start();
                ConfigurableApplicationContext context = new SpringApplication(App.class)
                        .run(
                                "--spring.datasource.url=" + db.url(),
                                "--spring.datasource.username=" + db.user(),
                                "--spring.datasource.password=" + db.password(),
                                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                                "--spring.application.name=bank",
                                "--freehold.outbox.delivery=" + delivery,
                                "--spring.jpa.hibernate.ddl-auto=create",
                                "--freehold.outbox.initialize-schema=always")) {
            TransactionTemplate tx = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            tx.executeWithoutResult(s -> context.getBean(Outbox.class).publish(new AccountOpened("1", "outbox")));
            tx.executeWithoutResult(s -> context.publishEvent(new AccountOpened("2", "spring")));
            context.getBean(Accounts.class).save(Account.open("3"));
            List<String> got = context.getBean(Listener.class).got;
            await().atMost(Duration.ofSeconds(60)).until(() -> got.size() >= 3);
            assertThat(got).containsExactlyInAnyOrder("1 by outbox", "2 by spring", "3 by aggregate");
            assertThat(keepsMarks(kafka)).isEqualTo(delivery.equals("exactly-once"));
        }
        db.drop();
    }

    private static boolean keepsMarks(KafkaProcess kafka) throws Exception {
        try (Admin admin = kafka.admin()) {
            return !admin.listConsumerGroupOffsets("freehold-outbox/bank/0")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty();
        }
    }
}
