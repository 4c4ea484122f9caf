package dev.freehold.outbox;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/**
 * Tells relays of events that another process has stored, and of a lease that it has given back, by {@code NOTIFY} and {@code LISTEN}.
 *
 * <p>Never in a business transaction: commits that notify wait for each other, all over the server. It is done afterwards, by
 * a statement of its own, once for however many commits there were meanwhile. Whoever misses it finds the events by polling.
 */
final class PostgresWakeUps implements OutboxStore.WakeUps {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final String NOTIFY = "NOTIFY freehold_outbox, '%s'";
    private static final String LISTEN = "LISTEN freehold_outbox";
    private static final String UNLISTEN = "UNLISTEN freehold_outbox";
    private static final Duration WAIT = Duration.ofMillis(500);

    /** Then another connection has its turn: one whose server has vanished would be silent for ever. */
    private static final Duration TURN = Duration.ofMinutes(5);

    /** The relay, its parked keys and the service need some, too. */
    private static final int SMALLEST_POOL = 5;

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", PostgresWakeUps.class.getClassLoader());

    private final DataSource dataSource;

    PostgresWakeUps(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void send(OutboxStore.WakeUp what) throws SQLException {
        new PostgresCalls(dataSource).call(connection -> {
            try (Statement notify = connection.createStatement()) {
                return notify.execute(NOTIFY.formatted(what));
            }
        });
    }

    @Override
    public boolean canListen() {
        if (HIKARI && !Pool.isLargeEnough(dataSource)) {
            return false;
        }
        try (Connection connection = dataSource.getConnection()) {
            return connection.isWrapperFor(PGConnection.class);
        } catch (SQLException e) {
            return true; // it is away; the one who listens tries again
        }
    }

    @Override
    public void listen(OutboxStore.Listener listener) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            PGConnection notified = connection.unwrap(PGConnection.class);
            try (Statement statement = connection.createStatement()) {
                statement.execute(LISTEN);
                listener.wakeUp(OutboxStore.WakeUp.EVENTS); // for what was missed until now
                long end = System.nanoTime() + TURN.toNanos();
                while (listener.isListening() && System.nanoTime() - end < 0) {
                    PGNotification[] received = notified.getNotifications((int) WAIT.toMillis());
                    tell(listener, received == null ? new PGNotification[0] : received);
                }
            }
            // Not after a failure: a pool that was closed meanwhile would complain of a connection which it has closed
            // itself.
            unlisten(connection.unwrap(Connection.class));
            connection.setAutoCommit(autoCommit);
        }
    }

    private static void unlisten(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(UNLISTEN);
        }
    }

    /** Each of them once. */
    private static void tell(OutboxStore.Listener listener, PGNotification[] received) {
        for (OutboxStore.WakeUp what : OutboxStore.WakeUp.values()) {
            if (Arrays.stream(received).anyMatch(one -> one.getParameter().equals(what.name()))) {
                listener.wakeUp(what);
            }
        }
    }

    /** Loaded only where Hikari is. */
    private static final class Pool {

        static boolean isLargeEnough(DataSource dataSource) {
            try {
                if (dataSource.isWrapperFor(HikariDataSource.class)) {
                    int size = dataSource.unwrap(HikariDataSource.class).getMaximumPoolSize();
                    if (size < SMALLEST_POOL) {
                        log.info(
                                "The pool has {} connections: none of them is kept for hearing of other processes' events,"
                                        + " which are found by polling",
                                size);
                        return false;
                    }
                }
                return true;
            } catch (SQLException e) {
                return true;
            }
        }
    }
}
