package dev.freehold.deploy;

import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A worker of Kafka Connect in a JVM of its own, to be killed. It ends by itself when its connector has given up. */
final class ConnectJvm {

    private final Process process;

    private ConnectJvm(Process process) {
        this.process = process;
    }

    static ConnectJvm start(Path directory, TestDatabase database, Map<String, String> changes) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ConnectJvm.class.getName(),
                directory.toString(),
                KafkaServer.shared().bootstrapServers(),
                database.url())));
        changes.forEach((name, value) -> builder.command().add(name + "=" + value));
        File log = Path.of("target", "connect-jvm.log").toFile();
        try {
            return new ConnectJvm(builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isFailed() {
        return !process.isAlive();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> changes = new HashMap<>();
        for (String change : List.of(arguments).subList(3, arguments.length)) {
            changes.put(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
        KafkaConnect connect = KafkaConnect.start(Path.of(arguments[0]), arguments[1]);
        connect.post(arguments[2], changes);
        Thread watch = new Thread(() -> {
            await().atMost(Duration.ofDays(1)).until(connect::isFailed);
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
        while (System.in.read() >= 0) {
            // nothing is written to it; it ends with its writer
        }
        Runtime.getRuntime().halt(1);
    }
}
