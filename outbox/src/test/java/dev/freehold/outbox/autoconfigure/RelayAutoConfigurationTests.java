package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import dev.freehold.outbox.autoconfigure.OutboxAutoConfigurationTests.Happened;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What carries the events: Kafka, something else, nothing here, or nothing anywhere. */
class RelayAutoConfigurationTests {

    private static TestDatabase database;
    private static HikariDataSource pool;
    private static ApplicationContextRunner service;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
        pool = database.dataSource(4);
        service = OutboxAutoConfigurationTests.service(database)
                .withPropertyValues("freehold.outbox.relay.enabled=true", "spring.kafka.bootstrap-servers=localhost:1");
    }

    @AfterAll
    static void drop() {
        pool.close();
        database.drop();
    }

    @Test
    void carriesEventsByATransportOfTheUser() {
        service.withBean(OutboxTransport.class, Collector::new).run(context -> {
            OutboxAutoConfigurationTests.publish(context, "1");
            Collector collector = (Collector) context.getBean(OutboxTransport.class);
            StoredEvent carried = collector.carried.poll(10, TimeUnit.SECONDS);
            assertThat(carried).isNotNull().extracting(StoredEvent::key).isEqualTo("1");
            assertThat(context.getBean(OutboxRelay.class).isRunning()).isTrue();
        });
    }

    @Test
    void carriesEventsByKafka() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .run(context ->
                        assertThat(context.getBean(OutboxTransport.class)).isInstanceOf(KafkaOutboxTransport.class));
    }

    @Test
    void keepsItsGuaranteesWhenTheApplicationsOwnProducersAreWeaker() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues(
                        "spring.kafka.producer.acks=1",
                        "spring.kafka.producer.retries=0",
                        "spring.kafka.producer.properties.enable.idempotence=false",
                        "spring.kafka.producer.properties.max.in.flight.requests.per.connection=5")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(KafkaOutboxTransport.class));
    }

    @Test
    void keepsTheOrderOfKeysWhenTheApplicationsOwnProducersHaveAPartitioner() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues(
                        "spring.kafka.producer.properties.partitioner.class=" + RoundRobinPartitioner.class.getName())
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(KafkaOutboxTransport.class));
    }

    @Test
    void carriesEventsUnderLazyInitialization() {
        service.withBean(OutboxTransport.class, Collector::new)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                            .executeWithoutResult(status -> context.publishEvent(new Happened("lazy")));
                    Collector collector = (Collector) context.getBean(OutboxTransport.class);
                    BlockingQueue<String> keys = new LinkedBlockingQueue<>();
                    await().atMost(Duration.ofSeconds(10)).until(() -> {
                        collector.carried.forEach(event -> keys.add(event.key()));
                        return keys.contains("lazy");
                    });
                });

        assertThat(OutboxAutoConfigurationTests.events(database)).contains("lazy");
    }

    /** Spring Boot then sets up a manager of Kafka's transactions instead of one for the database. */
    @Test
    void refusesKafkasTransactionsInsteadOfTheDatabases() {
        ApplicationContextRunner transactional = service.withConfiguration(
                        AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withBean(OutboxTransport.class, Collector::new)
                .withPropertyValues("spring.kafka.producer.transaction-id-prefix=orders-");

        transactional.run(
                context -> OutboxAutoConfigurationTests.assertRefused(context, "define a", "JdbcTransactionManager"));
        transactional
                .withBean(
                        "own",
                        JdbcTransactionManager.class,
                        () -> new JdbcTransactionManager(pool),
                        definition -> definition.setPrimary(true))
                .withBean("pool", DataSource.class, () -> pool)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(KafkaTransactionManager.class);
                    OutboxAutoConfigurationTests.publish(context, "1");
                });
    }

    @Test
    void backsOffForATransportOfTheUser() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withBean(OutboxTransport.class, Collector::new)
                .run(context ->
                        assertThat(context).hasSingleBean(Collector.class).hasSingleBean(OutboxTransport.class));
    }

    @Test
    void backsOffForARelayOfTheUser() {
        service.withBean(
                        "ownRelay",
                        OutboxRelay.class,
                        () -> OutboxRelay.builder()
                                .dataSource(database.plainDataSource())
                                .transport(new Collector())
                                .build())
                .run(context -> {
                    assertThat(context).hasSingleBean(OutboxRelay.class).hasBean("ownRelay");
                    assertThat(context.getBean(OutboxRelay.class).isRunning()).isTrue();
                });
    }

    @Test
    void refusesNothingToPublishTo() {
        service.run(context -> OutboxAutoConfigurationTests.assertRefused(
                context, "spring-boot-starter-kafka", "OutboxTransport", "freehold.outbox.relay.enabled=false"));
    }

    @Test
    void refusesNothingToPublishToWithoutKafkaOnTheClassPath() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
                .run(context -> OutboxAutoConfigurationTests.assertRefused(context, "spring-boot-starter-kafka"));
    }

    @Test
    void storesWithoutKafkaOnTheClassPathWhereAnotherInstancePublishes() {
        service.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
                .withPropertyValues("freehold.outbox.relay.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Outbox.class)
                        .doesNotHaveBean(OutboxRelay.class)
                        .doesNotHaveBean(OutboxTransport.class));
    }

    @Test
    void refusesTwoProducerFactoriesWithoutPrimary() {
        service.withBean("first", ProducerFactory.class, RelayAutoConfigurationTests::producers)
                .withBean("second", ProducerFactory.class, RelayAutoConfigurationTests::producers)
                .run(context -> OutboxAutoConfigurationTests.assertRefused(
                        context, "several ProducerFactory beans", "@Primary", "OutboxTransport bean"));
    }

    @Test
    void refusesSettingsOutOfBounds() {
        for (String wrong : List.of(
                "batch-size=0",
                "batch-bytes=1KB",
                "max-in-flight=65",
                "poll-interval=1ms",
                "lease=10ms",
                "max-backoff=1h")) {
            service.withBean(OutboxTransport.class, Collector::new)
                    .withPropertyValues("freehold.outbox.relay." + wrong)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(" must be between "));
        }
    }

    private static ProducerFactory<?, ?> producers() {
        return new DefaultKafkaProducerFactory<>(Map.of());
    }

    /** Takes everything at once. */
    private static final class Collector implements OutboxTransport, OutboxTransport.Session {
        final BlockingQueue<StoredEvent> carried = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            carried.addAll(events);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public void close() {}
    }
}
