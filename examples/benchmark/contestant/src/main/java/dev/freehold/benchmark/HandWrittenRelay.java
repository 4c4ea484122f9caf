package dev.freehold.benchmark;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Polls the table: reads up to 1,000 rows, sends them pipelined, waits for every acknowledgement, deletes, commits. */
final class HandWrittenRelay implements Runnable, AutoCloseable {

    private static final String SELECT =
            "SELECT id, key, payload FROM outbox ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED";
    private static final String DELETE = "DELETE FROM outbox WHERE id = ANY (?)";
    private static final long IDLE_MILLIS = 5;

    private final Connection connection;
    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final Thread thread = new Thread(this, "relay");
    private volatile boolean running = true;

    private HandWrittenRelay(Connection connection, KafkaProducer<String, byte[]> producer, String topic) {
        this.connection = connection;
        this.producer = producer;
        this.topic = topic;
    }

    static HandWrittenRelay start(DataSource dataSource, Surroundings surroundings) throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        HandWrittenRelay relay =
                new HandWrittenRelay(connection, Producers.pipelined(surroundings), surroundings.topic());
        relay.thread.start();
        return relay;
    }

    @Override
    public void run() {
        try (PreparedStatement select = connection.prepareStatement(SELECT);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            while (running) {
                if (relayBatch(select, delete) == 0) {
                    Thread.sleep(IDLE_MILLIS);
                }
            }
        } catch (SQLException | ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int relayBatch(PreparedStatement select, PreparedStatement delete)
            throws SQLException, ExecutionException, InterruptedException {
        List<Long> ids = new ArrayList<>(1000);
        List<Future<RecordMetadata>> sent = new ArrayList<>(1000);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
                byte[] value = rows.getString(3).getBytes(StandardCharsets.UTF_8);
                sent.add(producer.send(new ProducerRecord<>(topic, rows.getString(2), value)));
            }
        }
        if (!ids.isEmpty()) {
            producer.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        }
        connection.commit();
        return ids.size();
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        thread.join();
        producer.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
