package dev.freehold.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Polls, handles what it got in one or more transactions, and commits the offsets; a failure ends it. */
final class HandWrittenConsumer implements Runnable, AutoCloseable {

    private static final String INSERT = "INSERT INTO inbox (id) VALUES (?) ON CONFLICT DO NOTHING";
    private static final String ID = "ce_id";

    private final HikariDataSource pool;
    private final SpringTransactions transactions;
    private final Deduplication deduplication;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread = new Thread(this, "consumer");

    private HandWrittenConsumer(
            HikariDataSource pool, Deduplication deduplication, KafkaConsumer<String, byte[]> consumer) {
        this.pool = pool;
        this.transactions = new SpringTransactions(new JdbcTransactionManager(pool), pool);
        this.deduplication = deduplication;
        this.consumer = consumer;
    }

    /** How messages that come again are told from new ones. */
    enum Deduplication {
        /** They are not: all messages of a poll in one transaction. */
        NONE,
        /** By an INSERT for each message, all of a poll in one transaction. */
        BY_BATCH,
        /** By an INSERT for each message, each in a transaction of its own. */
        BY_MESSAGE
    }

    static Service start(Surroundings surroundings, Deduplication deduplication) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        surroundings.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        surroundings.topic(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(surroundings.topic()));
        HandWrittenConsumer started = new HandWrittenConsumer(Pools.open(surroundings, 1), deduplication, consumer);
        started.thread.start();
        return Service.consuming(started);
    }

    @Override
    public void run() {
        try (consumer) {
            while (true) {
                handle(consumer.poll(Duration.ofSeconds(1)));
                consumer.commitSync();
            }
        } catch (WakeupException end) {
            // close() woke it up
        }
    }

    private void handle(ConsumerRecords<String, byte[]> batch) {
        if (deduplication == Deduplication.BY_MESSAGE) {
            batch.forEach(message -> inTransaction(List.of(message)));
        } else if (!batch.isEmpty()) {
            inTransaction(batch);
        }
    }

    private void inTransaction(Iterable<ConsumerRecord<String, byte[]>> messages) {
        transactions.run(
                (connection, publisher) -> {
                    for (ConsumerRecord<String, byte[]> message : messages) {
                        if (deduplication == Deduplication.NONE || isNew(connection, message)) {
                            Bill.handle(connection, Order.numberIn(message.value()));
                        }
                    }
                },
                (connection, order) -> {});
    }

    private static boolean isNew(Connection connection, ConsumerRecord<String, byte[]> message) throws SQLException {
        String id = new String(message.headers().lastHeader(ID).value(), StandardCharsets.UTF_8);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, UUID.fromString(id));
            return insert.executeUpdate() == 1;
        }
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
        pool.close();
    }
}
