package dev.freehold.fixturetest;

import dev.freehold.fixture.KafkaProcess;
import dev.freehold.fixture.MariaDbServer;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Starts one server of each kind, tells their processes and directories line by line, and waits to be killed. */
final class ServerOwner {

    private ServerOwner() {}

    public static void main(String[] arguments) throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                KafkaProcess kafka = new KafkaProcess()) {
            String postgresData = text(postgres.createDatabase(), "SHOW data_directory");
            String mariaDbPidFile = text(MariaDbServer.shared().createDatabase(), "SELECT @@pid_file");
            kafka.start();
            print(postgres.pid(), postgresData);
            print(Long.parseLong(Files.readString(Path.of(mariaDbPidFile)).strip()), mariaDbPidFile);
            print(kafka.pid(), postgresData);
            // A frozen process does not react to anything but the hardest signal.
            kafka.pause();
            print(0, "ready");
            new CountDownLatch(1).await();
        }
    }

    private static String text(TestDatabase database, String sql) {
        return String.valueOf(
                JdbcClient.create(database.plainDataSource()).sql(sql).query().singleValue());
    }

    private static void print(long pid, String path) {
        System.out.println("server " + pid + " " + path);
    }
}
