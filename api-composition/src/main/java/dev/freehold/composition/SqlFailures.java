package dev.freehold.composition;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** What kind of failure an exception of a database driver is, or of a pool. Loaded only where {@code java.sql} is. */
final class SqlFailures {

    private static final String CONNECTION = "08"; // a class of SQL states
    private static final String POSTGRES_SHUTDOWN = "57P0"; // also of one session, by an administrator
    private static final String POSTGRES_CANCELLED = "57014"; // as by the driver, when a query's time is over

    private SqlFailures() {}

    static @Nullable Cause known(Throwable thrown) {
        if (!(thrown instanceof SQLException failed)) {
            return null;
        }
        String state = failed.getSQLState() == null ? "" : failed.getSQLState();
        if (failed instanceof SQLTimeoutException || state.equals(POSTGRES_CANCELLED)) {
            return Cause.TIMEOUT;
        }
        return isOfConnection(failed) || state.startsWith(CONNECTION) || state.startsWith(POSTGRES_SHUTDOWN)
                ? Cause.CONNECTION
                : null;
    }

    private static boolean isOfConnection(SQLException failed) {
        return failed instanceof SQLTransientConnectionException
                || failed instanceof SQLNonTransientConnectionException
                || failed instanceof SQLRecoverableException;
    }

    /** Whether it may come from a socket's timeout, too. */
    static boolean isVague(Throwable thrown) {
        return thrown instanceof SQLException && known(thrown) == Cause.CONNECTION;
    }
}
