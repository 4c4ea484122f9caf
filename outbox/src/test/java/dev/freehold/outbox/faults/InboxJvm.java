package dev.freehold.outbox.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.kafka.KafkaInbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A consumer in a JVM of its own that dies before its n-th statement, commits counted. */
final class InboxJvm {

    static final String GROUP = "booking";

    private final Process process;

    private InboxJvm(Process process) {
        this.process = process;
    }

    static InboxJvm start(TestDatabase database, String bootstrapServers, int dieBefore) {
        try {
            return new InboxJvm(new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            InboxJvm.class.getName(),
                            database.url(),
                            database.user(),
                            database.password(),
                            bootstrapServers,
                            String.valueOf(dieBefore)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            Path.of("target", "inbox-jvm.log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        HikariDataSource pool = new TestDatabase(arguments[0], arguments[1], arguments[2], "consumer").dataSource(3);
        DataSource dataSource = new DyingDataSource(pool, Integer.parseInt(arguments[4]));
        DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
        Outbox outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
        Inbox inbox = Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", arguments[3],
                "max.poll.records", "20",
                "session.timeout.ms", "1000",
                "heartbeat.interval.ms", "300");
        new KafkaInbox(
                        properties,
                        inbox.consumers(GROUP, List.of(new Booking(JdbcClient.create(dataSource), outbox))),
                        1)
                .start();
        while (System.in.read() >= 0) {
            // nothing is written to it; it ends with its writer
        }
        Runtime.getRuntime().halt(1);
    }

    /** Says that an entry was booked. */
    @OutboxEvent(type = "ledger.booked", topic = "bookings")
    record Booked(@EventKey String account, long sequence) {}

    /** A handler with an effect in the database and an event of its own. */
    record Booking(JdbcClient jdbc, Outbox outbox) {

        @InboxListener(topic = Ledger.TOPIC, type = "ledger.entry")
        void on(Ledger.Entry entry, EventContext context) {
            jdbc.sql("INSERT INTO effect (id, account, sequence) VALUES (?, ?, ?)")
                    .params(context.id(), entry.account(), entry.sequence())
                    .update();
            outbox.publish(new Booked(entry.account(), entry.sequence()));
        }
    }

    /** Halts the JVM before a given statement or commit, counted over all connections that handle messages. */
    private static final class DyingDataSource extends DelegatingDataSource {

        private final AtomicInteger left;

        DyingDataSource(DataSource target, int dieBefore) {
            super(target);
            this.left = new AtomicInteger(dieBefore);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return dying(Connection.class, super.getConnection());
        }

        private <T> T dying(Class<T> type, T target) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                        boolean inTransaction = target instanceof PreparedStatement
                                || method.getName().equals("commit");
                        if (inTransaction
                                && (method.getName().startsWith("execute")
                                        || method.getName().equals("commit"))
                                && left.decrementAndGet() == 0) {
                            Runtime.getRuntime().halt(9);
                        }
                        try {
                            Object result = method.invoke(target, given);
                            return result instanceof PreparedStatement statement
                                    ? dying(PreparedStatement.class, statement)
                                    : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }
    }
}
