package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.ParkedEvents;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A service whose events go to methods of its own; with H2 in memory and nothing set. */
class HandlerAutoConfigurationTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    PropertyPlaceholderAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    OutboxAutoConfiguration.class,
                    InboxAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=tests",
                    "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
                    "spring.datasource.username=sa");

    @OutboxEvent(type = "test.mail-requested", topic = "mails")
    record MailRequested(@EventKey String customer) {}

    @OutboxEvent(type = "test.mail-sent", topic = "mails-sent")
    record MailSent(@EventKey String customer) {}

    @Test
    void handsEventsToMethodsOfBeansThatPublishThemselves() {
        service.withUserConfiguration(WithHandlers.class).run(context -> {
            Mails mails = context.getBean(Mails.class);
            publish(context.getBean(PlatformTransactionManager.class), mails, "ann");
            await().atMost(LIMIT).until(() -> mails.sent.contains("ann"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ParkedEvents.of(context.getBean(DataSource.class))
                                    .keys(10))
                            .as("what no handler takes has nowhere to go")
                            .singleElement()
                            .satisfies(key -> assertThat(key.cause()).contains("no @OutboxHandler takes its type")));
        });
    }

    @Test
    void refusesToStartWithAWrongHandler() {
        service.withUserConfiguration(WithAWrongHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasMessageContaining("@OutboxHandler method")
                        .hasMessageContaining("does not take an event"));
    }

    @Test
    void refusesToStartWithNothingToPublishTo() {
        service.run(context -> assertThat(context)
                .hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("@OutboxHandler methods"));
    }

    /** As an {@code @InboxListener} of such a bean is. */
    @Test
    void handsEventsToMethodsOfABeanThatIsDeclaredByAnInterface() {
        service.withUserConfiguration(WithAHandlerBehindAnInterface.class).run(context -> {
            assertThat(context).hasNotFailed();
            Fax fax = context.getBean(Fax.class);
            Outbox outbox = context.getBean(Outbox.class);
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(status -> outbox.publish(new MailRequested("ann")));
            await().atMost(Duration.ofSeconds(10)).until(() -> fax.sent().contains("ann"));
        });
    }

    interface Fax {
        Set<String> sent();
    }

    static class RealFax implements Fax {
        private final Set<String> sent = ConcurrentHashMap.newKeySet();

        @Override
        public Set<String> sent() {
            return sent;
        }

        @OutboxHandler
        void send(MailRequested mail) {
            sent.add(mail.customer());
        }
    }

    @OutboxEvent(type = "test.other", topic = "others")
    record Other(@EventKey String customer) {}

    static class Others {
        @OutboxHandler
        void send(Other other) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class WithAHandlerBehindAnInterface {
        @Bean
        Others others() {
            return new Others();
        }

        /** Needs the outbox, so it is made after it. */
        @Bean
        Fax fax(Outbox outbox) {
            return new RealFax();
        }
    }

    private static void publish(PlatformTransactionManager manager, Mails mails, String customer) {
        new TransactionTemplate(manager)
                .executeWithoutResult(status -> mails.outbox.publish(new MailRequested(customer)));
    }

    @Configuration(proxyBeanMethods = false)
    static class WithHandlers {
        @Bean
        Mails mails(Outbox outbox) {
            return new Mails(outbox);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithAWrongHandler {
        @Bean
        WrongMails mails() {
            return new WrongMails();
        }
    }

    static class Mails {

        final Set<String> sent = ConcurrentHashMap.newKeySet();
        final Outbox outbox;

        Mails(Outbox outbox) {
            this.outbox = outbox;
        }

        @OutboxHandler
        void send(MailRequested mail) {
            sent.add(mail.customer());
            outbox.publish(new MailSent(mail.customer()));
        }
    }

    static class WrongMails {
        @OutboxHandler
        void send(String mail) {}
    }
}
