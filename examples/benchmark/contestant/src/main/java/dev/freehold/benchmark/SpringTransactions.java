package dev.freehold.benchmark;

import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs work in Spring's transactions, as the services of most readers do. */
public final class SpringTransactions {

    private final DataSource dataSource;
    private final TransactionTemplate template;

    /** Transactions of the manager, on connections of its data source. */
    public SpringTransactions(PlatformTransactionManager manager, DataSource dataSource) {
        this.dataSource = dataSource;
        this.template = new TransactionTemplate(manager);
    }

    /** Runs the work with the publisher which {@code outbox} gives for the transaction's connection. */
    public void run(Service.Work work, Outbox outbox) {
        template.executeWithoutResult(status -> {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            try {
                work.run(connection, order -> outbox.publish(connection, order));
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                DataSourceUtils.releaseConnection(connection, dataSource);
            }
        });
    }

    /** Writes an event in the transaction that the connection is in. */
    @FunctionalInterface
    public interface Outbox {
        void publish(Connection connection, Order order) throws Exception;
    }
}
