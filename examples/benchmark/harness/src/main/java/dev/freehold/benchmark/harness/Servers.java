package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Surroundings;
import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.AppInfoParser;

/** PostgreSQL and Kafka of a run, the same for everybody, and fresh surroundings in them. */
final class Servers implements AutoCloseable {

    static final int PARTITIONS = 4;

    /**
     * Debezium needs the logical log. Checkpoints come when the harness says so, not in the middle of somebody's turn.
     * Statements are counted in the databases that ask for it.
     */
    static final Map<String, String> PARAMETERS = Map.of(
            "wal_level", "logical",
            "max_replication_slots", "20",
            "max_wal_senders", "20",
            "shared_buffers", "512MB",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "30min",
            "shared_preload_libraries", "pg_stat_statements",
            "pg_stat_statements.track", "none",
            "compute_query_id", "off");

    /** Kafka's own default. */
    private static final String SMALL_BATCH = "16384";

    private static final String CREATE_ACCOUNTS = "CREATE TABLE account (id INT PRIMARY KEY, balance BIGINT NOT NULL)";
    private static final String FILL_ACCOUNTS =
            "INSERT INTO account (id, balance) SELECT id, 0 FROM generate_series(0, 9999) AS id";

    private final PostgresServer postgres;
    private final KafkaProcess kafka;
    private int count;

    private Servers(PostgresServer postgres, KafkaProcess kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    static Servers start() {
        PostgresServer postgres = PostgresServer.start(PARAMETERS);
        return new Servers(postgres, new KafkaProcess(Map.of(), "-Xms1g", "-Xmx1g").start());
    }

    /** Returns a database with accounts and a topic, both new. */
    Surroundings fresh(Entrant entrant, int keys) throws SQLException, ExecutionException, InterruptedException {
        return fresh(entrant, keys, Map.of(), Map.of());
    }

    /** The same with a topic that takes no batches of more bytes, smaller batches, and a producer with these properties. */
    Surroundings freshWithLimit(Entrant entrant, int keys, int largestBatch, Map<String, String> producerConfig)
            throws SQLException, ExecutionException, InterruptedException {
        Map<String, String> topic = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largestBatch));
        Map<String, String> producer = new HashMap<>(producerConfig);
        producer.put(ProducerConfig.BATCH_SIZE_CONFIG, SMALL_BATCH);
        return fresh(entrant, keys, topic, producer);
    }

    private Surroundings fresh(
            Entrant entrant, int keys, Map<String, String> topicConfig, Map<String, String> producerConfig)
            throws SQLException, ExecutionException, InterruptedException {
        TestDatabase database = postgres.createDatabase();
        Surroundings surroundings = new Surroundings(
                database.url(),
                database.user(),
                database.password(),
                kafka.bootstrapServers(),
                "orders-" + entrant.label() + "-" + ++count,
                keys,
                producerConfig);
        execute(surroundings, CREATE_ACCOUNTS, FILL_ACCOUNTS);
        try (Admin admin = kafka.admin()) {
            NewTopic topic = new NewTopic(surroundings.topic(), PARTITIONS, (short) 1).configs(topicConfig);
            admin.createTopics(List.of(topic)).all().get();
        }
        return surroundings;
    }

    /** Brings the database to rest: statistics as autovacuum would have them, and nothing left to write. */
    void settle(Surroundings surroundings) throws SQLException {
        execute(surroundings, "VACUUM ANALYZE", "CHECKPOINT");
    }

    /** So that the next events find their keys free. */
    void discardParked(Surroundings surroundings) throws SQLException {
        execute(surroundings, "DELETE FROM outbox_parked", "DELETE FROM outbox_parked_key");
    }

    /** Makes room: nobody needs the database and the topic any more. */
    void discard(Surroundings surroundings) throws SQLException, ExecutionException, InterruptedException {
        String url = surroundings.jdbcUrl();
        String name = url.substring(url.lastIndexOf('/') + 1);
        new TestDatabase(url, surroundings.user(), surroundings.password(), name).drop();
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of(surroundings.topic())).all().get();
        }
    }

    /** The consumers of a topic, to be closed by the caller. */
    ConsumerGroup consumers(Surroundings surroundings) {
        return new ConsumerGroup(kafka.admin(), surroundings);
    }

    /** Used so far by PostgreSQL with all its sessions. */
    CpuTime postgresCpu() {
        return CpuTime.of(postgres.pid());
    }

    /** Used so far by the broker. */
    CpuTime kafkaCpu() {
        return CpuTime.of(kafka.pid());
    }

    String versions() throws SQLException, ExecutionException, InterruptedException {
        Surroundings surroundings = fresh(Entrant.NO_OUTBOX, 4);
        try (Connection connection = connect(surroundings);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return "PostgreSQL " + row.getString(1) + ", Kafka "
                    + AppInfoParser.getVersion() + ", JDK "
                    + System.getProperty("java.version") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors";
        } finally {
            discard(surroundings);
        }
    }

    static void execute(Surroundings surroundings, String... statements) throws SQLException {
        try (Connection connection = connect(surroundings);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static Connection connect(Surroundings surroundings) throws SQLException {
        return DriverManager.getConnection(surroundings.jdbcUrl(), surroundings.user(), surroundings.password());
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
