package dev.freehold.benchmark.freehold;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.benchmark.Bill;
import dev.freehold.benchmark.Pools;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.kafka.KafkaInbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Freehold's inbox with its defaults, by its builders. */
final class FreeholdConsumer implements AutoCloseable {

    private final HikariDataSource pool;
    private final Inbox inbox;
    private final KafkaInbox kafka;

    private FreeholdConsumer(HikariDataSource pool, Inbox inbox, KafkaInbox kafka) {
        this.pool = pool;
        this.inbox = inbox;
        this.kafka = kafka;
    }

    static Service start(Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 2);
        Inbox inbox = Inbox.builder()
                .dataSource(pool)
                .transactionManager(new JdbcTransactionManager(pool))
                .placeholders(topic -> surroundings.topic())
                .build();
        KafkaInbox kafka = new KafkaInbox(
                Map.of("bootstrap.servers", surroundings.bootstrapServers()),
                inbox.consumers(surroundings.topic(), List.of(new Billing(pool))),
                1);
        kafka.start();
        return Service.consuming(new FreeholdConsumer(pool, inbox, kafka));
    }

    @Override
    public void close() {
        kafka.stop();
        inbox.close();
        pool.close();
    }

    /** Handles orders; the topic is a placeholder, since each run has its own. */
    record Billing(DataSource dataSource) {

        @InboxListener(topic = "${topic}")
        void on(OrderPlaced order) throws SQLException {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            try {
                Bill.handle(connection, order.number());
            } finally {
                DataSourceUtils.releaseConnection(connection, dataSource);
            }
        }
    }
}
