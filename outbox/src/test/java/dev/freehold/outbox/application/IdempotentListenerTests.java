package dev.freehold.outbox.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.Idempotent;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.internal.ActionableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;

/** Spring's own listeners, and what is checked of their topics, in a whole application on a real broker. */
class IdempotentListenerTests {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = PostgresServer.shared().createDatabase();

    @AfterEach
    void drop() {
        database.drop();
    }

    @Test
    void letsAKafkaListenerHandleEachMessageOnce() {
        String topic = KafkaServer.shared().createTopic(1);
        for (String id : List.of("1", "2", "1", "3", "2", "1", "4")) {
            send(topic, id);
        }
        try (ConfigurableApplicationContext context = run(Payments.class, topic)) {
            List<String> seen = context.getBean(Payments.Log.class).seen;
            await().atMost(LIMIT).until(() -> seen.contains("4"));
            assertThat(context.getBean(JdbcClient.class)
                            .sql("SELECT id FROM payment ORDER BY n")
                            .query((row, n) -> row.getString(1))
                            .list())
                    .containsExactly("1", "2", "3", "4");
            assertThat(seen).as("3 failed at first").containsExactly("1", "2", "3", "3", "4");
        }
    }

    @Test
    void refusesATopicThatKeepsMessagesForLongerThanTheInboxTheirIds() {
        String topic = "keeps-long-" + Math.abs(database.url().hashCode());
        KafkaServer.shared().createTopic(topic, 1, Map.of("retention.ms", "864000000"));
        assertThatThrownBy(() -> run(Listener.class, topic).close())
                .rootCause()
                .isInstanceOf(ActionableException.class)
                .hasMessageContainingAll(topic, "10 days", "8 days", "freehold.inbox.retention", "retention.ms");

        run(Listener.class, topic, "--freehold.inbox.retention=10d").close();
        run(Listener.class, topic, "--freehold.inbox.retention=0").close();
    }

    @Test
    void refusesATopicThatKeepsMessagesForEver() {
        String topic = "keeps-for-ever-" + Math.abs(database.url().hashCode());
        KafkaServer.shared().createTopic(topic, 1, Map.of("retention.ms", "-1"));
        assertThatThrownBy(() -> run(Listener.class, topic).close())
                .rootCause()
                .hasMessageContainingAll(topic, "for ever", "8 days");
    }

    /** It keeps the last state of each key; to handle that again does no harm, or newestBy keeps from it. */
    @Test
    void acceptsATopicThatKeepsTheLastMessageOfEachKey() {
        String topic = "compacted-" + Math.abs(database.url().hashCode());
        KafkaServer.shared().createTopic(topic, 1, Map.of("cleanup.policy", "compact", "retention.ms", "-1"));
        run(Listener.class, topic).close();
    }

    private ConfigurableApplicationContext run(Class<?> application, String topic, String... more) {
        String[] arguments = {
            "--spring.datasource.url=" + database.url(),
            "--spring.datasource.username=" + database.user(),
            "--spring.datasource.password=" + database.password(),
            "--spring.kafka.bootstrap-servers=" + KafkaServer.shared().bootstrapServers(),
            "--spring.kafka.consumer.auto-offset-reset=earliest",
            "--spring.application.name=payments",
            "--freehold.outbox.initialize-schema=always",
            "--topic=" + topic
        };
        return new SpringApplication(application)
                .run(java.util.stream.Stream.concat(java.util.Arrays.stream(arguments), java.util.Arrays.stream(more))
                        .toArray(String[]::new));
    }

    private static void send(String topic, String id) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            ProducerRecord<String, String> message = new ProducerRecord<>(topic, "key", id);
            message.headers().add("ce_id", id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            producer.send(message);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Payments {

        static class Log {
            final List<String> seen = new CopyOnWriteArrayList<>();
        }

        @Bean
        Log log() {
            return new Log();
        }

        @Bean
        Handler handler(JdbcClient jdbc, Log log) {
            jdbc.sql("CREATE TABLE payment (n bigint GENERATED ALWAYS AS IDENTITY, id text)")
                    .update();
            return new Handler(jdbc, log);
        }

        static class Handler {
            private final JdbcClient jdbc;
            private final Log log;

            Handler(JdbcClient jdbc, Log log) {
                this.jdbc = jdbc;
                this.log = log;
            }

            @KafkaListener(topics = "${topic}", groupId = "payments")
            @Idempotent(consumer = "payments")
            public void on(ConsumerRecord<String, String> message) {
                log.seen.add(message.value());
                jdbc.sql("INSERT INTO payment (id) VALUES (?)")
                        .param(message.value())
                        .update();
                if (message.value().equals("3")
                        && log.seen.stream().filter("3"::equals).count() == 1) {
                    throw new IllegalStateException("try again");
                }
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Listener {

        record Happened(String id) {}

        @Bean
        Object listener() {
            return new Object() {
                @InboxListener(topic = "${topic}", type = "tests.happened")
                void on(Happened event) {}
            };
        }
    }
}
