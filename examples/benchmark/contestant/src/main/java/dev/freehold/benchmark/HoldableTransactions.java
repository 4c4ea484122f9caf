package dev.freehold.benchmark;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Spring's JDBC transactions, which a thread may have ended in another way when they are about to be committed: whatever an
 * outbox does before the commit has been done by then.
 */
public final class HoldableTransactions extends JdbcTransactionManager {

    private static final long serialVersionUID = 1L;

    private static final ThreadLocal<@Nullable Ending> ENDING = new ThreadLocal<>();

    /** Transactions on connections of a pool. */
    public HoldableTransactions(DataSource dataSource) {
        super(dataSource);
    }

    /** Runs work in a transaction of the service that ends as it is told. */
    static void run(Service service, Service.Work work, Ending ending) throws Exception {
        ENDING.set(ending);
        try {
            service.inTransaction(work);
        } finally {
            ENDING.remove();
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        Ending ending = ENDING.get();
        if (ending == null) {
            super.doCommit(status);
        } else {
            end(ending);
        }
    }

    private void end(Ending ending) {
        DataSource dataSource = obtainDataSource();
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            ending.end(connection);
        } catch (SQLException e) {
            throw translateException("end of a transaction", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** Ends the transaction of a connection. */
    @FunctionalInterface
    interface Ending {
        void end(Connection connection) throws SQLException, InterruptedException;
    }
}
