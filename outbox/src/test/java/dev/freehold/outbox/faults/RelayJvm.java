package dev.freehold.outbox.faults;

import dev.freehold.fixture.Signals;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.kafka.Delivery;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A relay in a JVM of its own, to be killed. It ends by itself when the JVM that started it is gone. */
final class RelayJvm implements AutoCloseable {

    private final Process process;

    private RelayJvm(Process process) {
        this.process = process;
    }

    static RelayJvm start(
            TestDatabase database, String bootstrapServers, Duration lease, Delivery delivery, int shards) {
        try {
            return new RelayJvm(new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RelayJvm.class.getName(),
                            database.url(),
                            database.user(),
                            database.password(),
                            bootstrapServers,
                            String.valueOf(lease.toMillis()),
                            delivery.name(),
                            String.valueOf(shards)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            Path.of("target", "relay-jvm.log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Stops it in the middle of whatever it does, as a long garbage collection or a moved machine would. */
    void freeze() {
        Signals.send("STOP", pid());
    }

    void thaw() {
        Signals.send("CONT", pid());
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        OutboxRelay relay = OutboxRelay.builder()
                .dataSource(pool(arguments))
                .transport(new KafkaOutboxTransport(
                        Map.of("bootstrap.servers", arguments[3]), "/ledger", Delivery.valueOf(arguments[5])))
                .settings(RelaySettings.defaults()
                        .withBatch(100, 8 << 20)
                        .withPollInterval(Duration.ofMillis(10))
                        .withShards(Integer.parseInt(arguments[6]))
                        .withLease(Duration.ofMillis(Long.parseLong(arguments[4]))))
                .build();
        relay.start();
        while (System.in.read() >= 0) {
            // nothing is written to it; it ends with its writer
        }
        Runtime.getRuntime().halt(1);
    }

    private static javax.sql.DataSource pool(String[] arguments) {
        com.zaxxer.hikari.HikariDataSource pool = new com.zaxxer.hikari.HikariDataSource();
        pool.setDataSource(new DriverManagerDataSource(arguments[0], arguments[1], arguments[2]));
        pool.setMaximumPoolSize(8);
        return pool;
    }
}
