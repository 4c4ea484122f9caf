package dev.freehold.fixturetest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerEndTests {

    private record Server(long pid, Path path) {

        static Server parse(String line) {
            String[] words = line.split(" ", 3);
            return new Server(Long.parseLong(words[1]), Path.of(words[2]));
        }

        boolean isLeft() {
            return Files.exists(path) || isRunning();
        }

        /** A process that has ended but was not reaped yet has no command. */
        boolean isRunning() {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .isPresent();
        }
    }

    @Test
    void leavesNothingBehindWhenTheJvmIsKilled() throws Exception {
        Process owner = start();
        try (BufferedReader lines = owner.inputReader()) {
            List<Server> servers = lines.lines()
                    .filter(line -> line.startsWith("server "))
                    .takeWhile(line -> !line.endsWith(" ready"))
                    .map(Server::parse)
                    .toList();
            assertThat(servers).hasSize(3).allMatch(Server::isRunning).allMatch(Server::isLeft);

            owner.destroyForcibly().waitFor();

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(servers).noneMatch(Server::isLeft));
        } finally {
            owner.destroyForcibly();
        }
    }

    private static Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), ServerOwner.class.getName())
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
