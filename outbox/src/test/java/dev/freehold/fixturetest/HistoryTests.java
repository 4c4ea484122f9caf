package dev.freehold.fixturetest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTests {

    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final List<String> KEYS = List.of(
            "plain",
            "",
            "tab\tline\nreturn\r",
            "back\\slash\\n",
            "ünï\u2028\u0085",
            "\uD83D\uDE00",
            "\uD83D",
            "\u001c.");

    @TempDir
    Path directory;

    @Test
    void keepsAnyTextInAFile() {
        Path file = directory.resolve("history");
        try (History history = History.open(file)) {
            for (int i = 0; i < KEYS.size(); i++) {
                history.committed(new UUID(1, i), KEYS.get(i), i);
                history.received(KEYS.get(i), new UUID(1, i), KEYS.get(i), i, KEYS.get(i), i, i);
                history.effect(KEYS.get(i), new UUID(1, i));
            }
        }
        Verdict verdict = HistoryChecker.check(History.open(file));
        assertThat(verdict.receivers()).containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(verdict.appliers()).containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(verdict.placed()).isEqualTo(KEYS.size());
        assertThat(verdict.cutLines()).isZero();
        // Each consumer has one of the eight events.
        assertThat(verdict.count(Violation.LOST)).isEqualTo(56);
        assertThat(verdict.count(Violation.MISSING_EFFECT)).isEqualTo(56);
        verdict.assertNoPhantoms().assertInOrder().assertPublishedOnce().assertNoDuplicates();
    }

    @Test
    void ignoresALineCutAnywhereAndGoesOnBehindIt() throws IOException {
        byte[] whole = bytes(history -> history.committed(TWO, "a", 12));
        for (int length = 0; length <= whole.length; length++) {
            Path file = directory.resolve("cut-" + length);
            try (History history = History.open(file)) {
                history.committed(ONE, "a", 11);
            }
            Files.write(file, Arrays.copyOf(whole, length), StandardOpenOption.APPEND);
            try (History history = History.open(file)) {
                history.received("c", ONE, "a", 11);
                Verdict verdict = HistoryChecker.check(history);
                // A line feed at the start and the end: a line may be whole without the last.
                long complete = length >= whole.length - 1 ? 1 : 0;
                assertThat(verdict.committed()).isEqualTo(1 + complete);
                assertThat(verdict.count(Violation.LOST)).isEqualTo(complete);
                assertThat(verdict.cutLines()).isEqualTo(length > 1 && complete == 0 ? 1 : 0);
                assertThat(verdict.received()).isEqualTo(1);
                assertThat(verdict.count(Violation.CONTRADICTION)).isZero();
            }
        }
    }

    @Test
    void keepsWhatWasRecordedBeforeAKill() throws Exception {
        Path file = directory.resolve("killed");
        List<Process> writers = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            long before = Files.exists(file) ? Files.size(file) : 0;
            Process process = write(file, writer);
            writers.add(process);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.exists(file) && Files.size(file) > before + 200_000);
            if (writer > 0) {
                writers.get(writer - 1).destroyForcibly().waitFor();
            }
        }
        writers.get(2).destroyForcibly().waitFor();
        long lines = Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isEmpty())
                .count();

        try (History history = History.open(file)) {
            history.expectReceipts("c");
            Verdict verdict = HistoryChecker.check(history);
            assertThat(verdict.cutLines()).isLessThanOrEqualTo(3);
            assertThat(verdict.committed()).isEqualTo(lines - verdict.cutLines());
            assertThat(verdict.count(Violation.LOST)).isEqualTo(verdict.committed());
            assertThat(verdict.count(Violation.CONTRADICTION)).isZero();
        }
    }

    @Test
    void takesFactsFromManyThreads() throws Exception {
        Path file = directory.resolve("threads");
        for (History history : List.of(History.inMemory(), History.open(file))) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int writer = thread;
                tasks.add(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        history.committed(new UUID(writer, i), "k" + writer, i);
                        history.received("c", new UUID(writer, i), "k" + writer, i, "t", writer, i);
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
            threads.shutdown();
            Verdict verdict = HistoryChecker.check(history);
            assertThat(verdict.committed()).isEqualTo(16_000);
            assertThat(verdict.findings()).isEmpty();
            history.close();
        }
    }

    @Test
    void judgesAMillionEventsInSeconds() {
        try (History history = History.open(directory.resolve("million"))) {
            int events = 1_000_000;
            int keys = 10_000;
            int lost = 777_777;
            for (int i = 0; i < events; i++) {
                history.committed(new UUID(7, i), "customer-" + i % keys, i / keys);
            }
            for (int i = 0; i < events; i++) {
                if (i != lost) {
                    history.received("c", new UUID(7, i), "customer-" + i % keys, i / keys, "t", i % 4, i);
                }
            }
            long start = System.nanoTime();
            Verdict verdict = HistoryChecker.check(history);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(verdict.committed()).isEqualTo(events);
            assertThat(verdict.count(Violation.LOST)).isEqualTo(1);
            verdict.assertInOrder().assertNoPhantoms().assertPublishedOnce();
            assertThat(took).isLessThan(Duration.ofSeconds(60));
        }
    }

    private static Process write(Path file, int writer) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                EndlessWriter.class.getName(),
                file.toString(),
                Integer.toString(writer));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.inheritIO().start();
    }

    private byte[] bytes(Consumer<History> facts) throws IOException {
        Path file = directory.resolve("bytes");
        try (History history = History.open(file)) {
            facts.accept(history);
        }
        return Files.readAllBytes(file);
    }
}
