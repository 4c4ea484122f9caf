package dev.freehold.outbox.wiring;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A database that is not supported. */
public final class Oracle extends AbstractDataSource {

    public static DataSource dataSource() {
        return new Oracle();
    }

    @Override
    public Connection getConnection() {
        DatabaseMetaData server = proxy(DatabaseMetaData.class, null);
        return proxy(Connection.class, server);
    }

    @Override
    public Connection getConnection(String user, String password) {
        return getConnection();
    }

    private static <T> T proxy(Class<T> type, @org.jspecify.annotations.Nullable Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMetaData" -> answer;
                    case "getDatabaseProductName" -> "Oracle";
                    case "getDatabaseProductVersion" -> "23.4";
                    case "getDatabaseMajorVersion" -> 23;
                    case "getDatabaseMinorVersion" -> 4;
                    case "isClosed", "isReadOnly", "getAutoCommit" -> false;
                    default -> null;
                }));
    }
}
