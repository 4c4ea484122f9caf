package dev.freehold.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lets other transactions in between: it pauses at random before the outbox's insert, after it, and before each commit.
 * Most pauses are shorter than a transaction, a few much longer.
 */
final class PausingDataSource extends DelegatingDataSource {

    private static final long SHORT_NANOS = 2_000_000;
    private static final long LONG_NANOS = 40_000_000;

    PausingDataSource(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pausing(super.getConnection());
    }

    private static Connection pausing(Connection connection) {
        return proxy(Connection.class, connection, (name, arguments, result) -> {
            if (name.equals("prepareStatement") && String.valueOf(arguments[0]).contains("INTO outbox_event")) {
                return pausingInsert((PreparedStatement) result);
            }
            return result;
        });
    }

    private static PreparedStatement pausingInsert(PreparedStatement insert) {
        return proxy(PreparedStatement.class, insert, (name, arguments, result) -> result);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    boolean point = method.getName().startsWith("execute")
                            || method.getName().equals("commit");
                    if (point) {
                        pause();
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        if (point) {
                            pause();
                        }
                        return after.apply(method.getName(), arguments, result);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static void pause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int draw = random.nextInt(1_000);
        if (draw < 3) {
            LockSupport.parkNanos(random.nextLong(LONG_NANOS));
        } else if (draw < 250) {
            LockSupport.parkNanos(random.nextLong(SHORT_NANOS));
        }
    }

    @FunctionalInterface
    private interface After {
        Object apply(String method, Object[] arguments, Object result);
    }
}
