package dev.freehold.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.inbox.EventContext;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionTemplate;

/** A service that sends mails for what it committed, with H2 and without Kafka. */
class MailTests {

    @OutboxEvent(type = "orders.mail-requested", topic = "mails")
    record MailRequested(@EventKey String address, UUID orderId) {}

    @Test
    void sendsAMailForWhatWasCommittedAndForNothingElse() {
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(Service.class)
                .web(WebApplicationType.NONE)
                .properties("spring.datasource.url=jdbc:h2:mem:mails", "spring.application.name=orders")
                .run()) {
            Outbox outbox = service.getBean(Outbox.class);
            TransactionTemplate transaction = service.getBean(TransactionTemplate.class);
            MailServer server = service.getBean(MailServer.class);
            UUID order = UUID.randomUUID();
            transaction.executeWithoutResult(status -> {
                outbox.publish(new MailRequested("nobody@example.com", UUID.randomUUID()));
                status.setRollbackOnly();
            });
            transaction.executeWithoutResult(status -> outbox.publish(new MailRequested("ann@example.com", order)));

            await().atMost(Duration.ofMinutes(1)).until(() -> !server.sent.isEmpty());
            assertThat(server.sent).containsExactly("ann@example.com: Your order " + order);
        }
    }

    @EnableAutoConfiguration(exclude = KafkaAutoConfiguration.class)
    static class Service {

        @Bean
        MailServer mailServer() {
            return new MailServer();
        }

        @Bean
        Mails mails(MailServer server) {
            return new Mails(server);
        }
    }

    static class MailServer {

        final Set<String> sent = ConcurrentHashMap.newKeySet();

        void send(String address, String subject, UUID id) {
            sent.add(address + ": " + subject);
        }
    }

    record Mails(MailServer mailServer) {

        @OutboxHandler
        void send(MailRequested mail, EventContext context) {
            mailServer.send(mail.address(), "Your order " + mail.orderId(), context.id());
        }
    }
}
