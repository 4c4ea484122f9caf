package dev.freehold.servers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * One PostgreSQL server and one Kafka broker on free ports of this machine, reachable from this machine only.
 *
 * <p>Their data is temporary: {@link #close()} deletes it. Roles must give their passwords, so none can pass for another.
 */
public final class EmbeddedServers implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ADMINISTRATOR = "postgres";

    /** Instead of the trust that the server starts with, where any role could log in as any other. */
    private static final String PASSWORDS_ONLY = """
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128      scram-sha-256
            """;

    private final Path directory;
    private final String administratorPassword = password();
    private final EmbeddedPostgres postgres;
    private @Nullable KafkaBroker kafka;

    private EmbeddedServers(Path directory) throws IOException {
        this.directory = directory;
        this.postgres = startPostgres(directory);
    }

    /** Starts both, in a few seconds; the caller closes them. */
    public static EmbeddedServers start() {
        try {
            EmbeddedServers servers = new EmbeddedServers(Files.createTempDirectory("freehold-servers-"));
            try {
                servers.requirePasswords();
                servers.kafka = KafkaBroker.start(servers.directory);
                return servers;
            } catch (IOException | RuntimeException e) {
                servers.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres startPostgres(Path directory) throws IOException {
        File log = directory.resolve("postgres.log").toFile();
        return EmbeddedPostgres.builder()
                .setRegisterShutdownHook(false) // the caller stops it, after those who use it
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("unix_socket_directories", "''")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private void requirePasswords() throws IOException {
        Files.writeString(Path.of(accessRules()), PASSWORDS_ONLY);
        execute(
                "",
                "ALTER ROLE " + ADMINISTRATOR + " PASSWORD '" + administratorPassword + "'",
                "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC",
                "SELECT pg_reload_conf()");
    }

    private String accessRules() {
        try (Connection connection = DriverManager.getConnection(url("postgres"), ADMINISTRATOR, "");
                Statement statement = connection.createStatement();
                ResultSet file = statement.executeQuery("SHOW hba_file")) {
            file.next();
            return file.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not tell where its access rules are", e);
        }
    }

    /** Creates a database and a role which owns it and can connect to no other. */
    public Database createDatabase(String name, String role) {
        String password = password();
        execute(
                administratorPassword,
                "CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'",
                "CREATE DATABASE " + name + " OWNER " + role,
                "REVOKE CONNECT, TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
        return new Database(url(name), role, password);
    }

    /** Kafka's address. */
    public String bootstrapServers() {
        return Objects.requireNonNull(kafka).address();
    }

    /** Stops both and deletes their data. */
    @Override
    public void close() {
        try {
            try (postgres) {
                if (kafka != null) {
                    kafka.close();
                }
            }
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String password, String... statements) {
        try (Connection connection = DriverManager.getConnection(url("postgres"), ADMINISTRATOR, password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused one of " + statements.length + " statements", e);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    private static String password() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
