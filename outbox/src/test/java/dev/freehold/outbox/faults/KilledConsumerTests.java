package dev.freehold.outbox.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.fixture.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Messages delivered one to five times to a consumer that dies between any two of its statements. */
class KilledConsumerTests {

    private static final Logger log = LoggerFactory.getLogger(KilledConsumerTests.class);
    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int MESSAGES = FULL ? 100_000 : 3_000;

    /** A batch has 20 messages: two statements of the inbox, one a message, one of the outbox, and the commit. */
    private static final int STATEMENTS_OF_A_BATCH = 24;

    private static final int DEATHS = FULL ? 3 * STATEMENTS_OF_A_BATCH : 8;
    private static final Duration LIMIT = Duration.ofMinutes(FULL ? 20 : 3);

    @Test
    void hasOneEffectOfEachMessage() {
        TestDatabase database = PostgresServer.shared().createDatabase();
        Map<String, String> shortSessions = Map.of("group.min.session.timeout.ms", "500");
        try (KafkaProcess kafka = new KafkaProcess(shortSessions, "-Xmx512m").start();
                HikariDataSource pool = database.dataSource(2);
                History history = History.inMemory()) {
            kafka.createTopic(Ledger.TOPIC, 2, Map.of());
            JdbcClient jdbc = schema(pool);
            send(kafka.bootstrapServers(), history);
            dieAndStartAgain(database, kafka.bootstrapServers(), jdbc);
            judge(history, jdbc);
        }
        database.drop();
    }

    private static JdbcClient schema(HikariDataSource pool) {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql")).execute(pool);
        JdbcClient jdbc = JdbcClient.create(pool);
        jdbc.sql("""
                CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, id uuid NOT NULL, account text NOT NULL,
                                     sequence bigint NOT NULL)
                """).update();
        return jdbc;
    }

    /** In order per key; repetitions come at once, or up to a hundred messages later. */
    private static void send(String bootstrapServers, History history) {
        Random random = new Random(42);
        long[] sequences = new long[30];
        List<ProducerRecord<String, String>> again = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer())) {
            for (int n = 0; n < MESSAGES; n++) {
                int key = random.nextInt(sequences.length);
                ProducerRecord<String, String> message = message(history, "account-" + key, ++sequences[key]);
                producer.send(message);
                for (int copy = random.nextInt(5); copy > 0; copy--) {
                    again.add(message);
                }
                while (again.size() > 100) {
                    producer.send(again.remove(random.nextInt(again.size())));
                }
            }
            again.forEach(producer::send);
        }
    }

    private static ProducerRecord<String, String> message(History history, String account, long sequence) {
        UUID id = UUID.randomUUID();
        history.committed(id, account, sequence);
        ProducerRecord<String, String> message = new ProducerRecord<>(
                Ledger.TOPIC, account, "{\"account\":\"%s\",\"sequence\":%d}".formatted(account, sequence));
        message.headers().add("ce_id", id.toString().getBytes(StandardCharsets.UTF_8));
        message.headers().add("ce_type", "ledger.entry".getBytes(StandardCharsets.UTF_8));
        return message;
    }

    private static void dieAndStartAgain(TestDatabase database, String bootstrapServers, JdbcClient jdbc) {
        Random random = new Random(7);
        for (int death = 0; death < DEATHS; death++) {
            int statement = FULL ? 1 + death % STATEMENTS_OF_A_BATCH : 1 + random.nextInt(STATEMENTS_OF_A_BATCH);
            int dieBefore = statement + random.nextInt(5) * STATEMENTS_OF_A_BATCH;
            InboxJvm consumer = InboxJvm.start(database, bootstrapServers, dieBefore);
            await().atMost(LIMIT).until(() -> !consumer.isAlive() || effects(jdbc) >= MESSAGES);
            consumer.kill();
        }
        long before = effects(jdbc);
        assertThat(before)
                .as("messages handled while it was dying")
                .isPositive()
                .isLessThan(MESSAGES);
        InboxJvm last = InboxJvm.start(database, bootstrapServers, Integer.MAX_VALUE);
        await().atMost(LIMIT).until(() -> effects(jdbc) >= MESSAGES);
        last.kill();
    }

    private static long effects(JdbcClient jdbc) {
        return jdbc.sql("SELECT count(*) FROM effect").query(Long.class).single();
    }

    private static void judge(History history, JdbcClient jdbc) {
        jdbc.sql("SELECT id, account, sequence FROM effect ORDER BY n").query(row -> {
            UUID id = row.getObject("id", UUID.class);
            history.effect(InboxJvm.GROUP, id);
            history.received(InboxJvm.GROUP, id, row.getString("account"), row.getLong("sequence"));
        });
        Verdict verdict = HistoryChecker.check(history);
        log.info("{} deaths: {}", DEATHS, verdict);
        verdict.assertNoneLost()
                .assertNoPhantoms()
                .assertInOrder()
                .assertNoDuplicates()
                .assertOneEffectEach();
        long published =
                jdbc.sql("SELECT count(*) FROM outbox_event").query(Long.class).single();
        assertThat(published).as("events of the handlers").isEqualTo(MESSAGES);
    }
}
