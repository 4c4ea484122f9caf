package dev.freehold.inbox;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Tells a database that is away from a message that cannot be handled. */
final class DatabaseFailures {

    private static final int DEEPEST = 20;

    private DatabaseFailures() {}

    static boolean isOne(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof CannotCreateTransactionException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof RecoverableDataAccessException
                    || (cause instanceof SQLException sql && isAway(sql.getSQLState()))
                    || (cause instanceof TransactionSystemException ended && isHidden(ended))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** That a rollback failed, too, hides what it was to undo. */
    private static boolean isHidden(TransactionSystemException ended) {
        Throwable first = ended.getApplicationException();
        return first != null && first != ended && isOne(first);
    }

    /** SQLSTATE classes of connections (08), lack of resources (53) and operator's intervention (57). */
    private static boolean isAway(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"));
    }
}
