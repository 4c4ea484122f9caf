package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTests {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("localhost:(\\d+)");
    private static final int SIGINT_STATUS = 130;

    @TempDir
    Path directory;

    @Test
    void twoRunAtTheSameTimeAndEndAtCtrlCWithAllTheyStarted() throws Exception {
        Started one = new Started("one");
        Started two = new Started("two");
        try {
            one.await("Ctrl-C stops everything");
            two.await("Ctrl-C stops everything");
            assertThat(one.ports()).hasSize(4).doesNotContainAnyElementsOf(two.ports());
            assertThat(one.servers()).isNotEmpty();
            one.interrupt();
            one.assertEnded();
            assertThat(two.ports()).allMatch(MainTests::isListening);
            two.interrupt();
            two.assertEnded();
        } finally {
            one.kill();
            two.kill();
        }
    }

    @Test
    void endsAtCtrlCWhileItStarts() throws Exception {
        Started main = new Started("main");
        try {
            await().atMost(START_LIMIT).until(() -> !main.servers().isEmpty());
            main.interrupt();
            main.assertEnded();
            assertThat(main.output()).doesNotContain("The shop is open");
        } finally {
            main.kill();
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException refused) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A shop in a process of its own, with a place of its own for temporary files. */
    private final class Started {

        private final Path temporary;
        private final Path log;
        private final Process process;

        Started(String name) throws IOException {
            temporary = Files.createDirectory(directory.resolve(name));
            log = directory.resolve(name + ".log");
            List<String> command = new ArrayList<>(heedingCtrlC());
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            if (Runtime.version().feature() >= 24) {
                command.add("--sun-misc-unsafe-memory-access=allow"); // as the shop's pom does
            }
            command.addAll(List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.io.tmpdir=" + temporary,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.freehold.shop.Main"));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        /** Where the tests run in the background of a shell, its children ignore Ctrl-C unless told otherwise. */
        private static List<String> heedingCtrlC() throws IOException {
            List<String> env = List.of("env", "--default-signal=INT");
            List<String> attempt = new ArrayList<>(env);
            attempt.add("true");
            try {
                return new ProcessBuilder(attempt).start().waitFor() == 0 ? env : List.of();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void await(String text) {
            org.awaitility.Awaitility.await(text).atMost(START_LIMIT).until(() -> {
                assertThat(process.isAlive()).as(output()).isTrue();
                return output().contains(text);
            });
        }

        String output() throws IOException {
            return Files.readString(log);
        }

        Set<Integer> ports() throws IOException {
            return PORT.matcher(output())
                    .results()
                    .map(found -> Integer.valueOf(found.group(1)))
                    .collect(Collectors.toSet());
        }

        /** PostgreSQL's processes, known by their directory: they are not our children. */
        Set<ProcessHandle> servers() {
            return ProcessHandle.allProcesses()
                    .filter(other -> other.pid() != process.pid())
                    .filter(other -> other.info().commandLine().orElse("").contains(temporary.toString()))
                    .collect(Collectors.toSet());
        }

        void interrupt() throws Exception {
            assertThat(new ProcessBuilder("kill", "-s", "INT", Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        void assertEnded() throws Exception {
            assertThat(process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(output())
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(SIGINT_STATUS);
            assertThat(output())
                    .contains("Everything has stopped, and its data is deleted.")
                    .doesNotContain("Exception", "\tat ", "ERROR", "WARN");
            assertThat(servers()).isEmpty();
            assertThat(ports()).noneMatch(MainTests::isListening);
            assertThat(leftovers()).isEmpty();
        }

        /** PostgreSQL's unpacked binaries are kept for the next start. */
        private Set<Path> leftovers() throws IOException {
            try (Stream<Path> files = Files.walk(temporary, 2)) {
                return files.filter(file -> !file.equals(temporary))
                        .map(temporary::relativize)
                        .filter(file -> !file.startsWith("hsperfdata_" + System.getProperty("user.name")))
                        .filter(file -> !file.toString().matches("embedded-pg(/PG-.*)?"))
                        .collect(Collectors.toSet());
            }
        }

        void kill() {
            servers().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
