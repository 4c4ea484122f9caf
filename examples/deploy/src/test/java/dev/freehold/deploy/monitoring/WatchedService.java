package dev.freehold.deploy.monitoring;

import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.Outbox;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.support.TransactionTemplate;

/** A service with outbox and inbox that has the README's properties, and can be scraped. */
final class WatchedService implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final ConfigurableApplicationContext context;

    private WatchedService() {
        KafkaServer.shared().createTopic(OrderPlaced.TOPIC, 1, Map.of());
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(Monitoring.properties())
                .properties(
                        "spring.application.name=orders",
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password(),
                        "spring.kafka.bootstrap-servers=" + KafkaServer.shared().bootstrapServers(),
                        "spring.kafka.consumer.auto-offset-reset=earliest",
                        "freehold.outbox.initialize-schema=always",
                        "freehold.inbox.max-attempts=1")
                .run();
    }

    static WatchedService start() {
        return new WatchedService();
    }

    /** Publishes an event for each order, in one transaction. */
    void publish(String... orders) {
        Outbox outbox = context.getBean(Outbox.class);
        context.getBean(TransactionTemplate.class)
                .executeWithoutResult(
                        status -> List.of(orders).forEach(order -> outbox.publish(new OrderPlaced(order))));
    }

    /** Waits until Prometheus would be told what is expected. */
    Scrape scrape(Predicate<Scrape> expected) {
        PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
        return await().atMost(LIMIT).until(() -> Scrape.of(registry.scrape()), expected);
    }

    @Override
    public void close() throws ExecutionException, InterruptedException {
        context.close();
        database.drop();
        KafkaServer.shared()
                .admin()
                .deleteTopics(List.of(OrderPlaced.TOPIC))
                .all()
                .get();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @InboxListener(topic = OrderPlaced.TOPIC)
        void on(OrderPlaced event) {
            if (event.order().equals(OrderPlaced.POISON)) {
                throw new IllegalStateException("this order cannot be handled");
            }
        }
    }
}
