package dev.freehold.acceptance.faults;

import static org.awaitility.Awaitility.await;

import dev.freehold.fixture.Leash;
import dev.freehold.fixture.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * An instance of a service in a JVM of its own. If it ends by itself, because database or broker are away while it starts, it
 * is started again, as an orchestrator would. It ends with this JVM, even if that is killed while the instance is frozen.
 */
final class ServiceJvm implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServiceJvm.class);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ENDED_BY_TERM = 128 + 15;

    private final Plan plan;
    private final Path directory;
    private volatile @Nullable Process process;
    private @Nullable Leash leash;
    private int deaths;

    ServiceJvm(Plan plan) {
        this.plan = plan;
        try {
            directory = Files.createTempDirectory("freehold-service");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What to start.
     *
     * @param name of the instance, and of its log
     * @param application whose {@code main} to call
     * @param clockShift by how much its clock is wrong
     * @param isUp tells of a process id whether the instance has started
     */
    record Plan(String name, Class<?> application, List<String> arguments, Duration clockShift, LongPredicate isUp) {}

    synchronized ServiceJvm start() {
        launch();
        awaitUp();
        return this;
    }

    /** As {@code kill -9} does, and starts it again. */
    synchronized void killAndStart() {
        kill();
        start();
    }

    /** Asks it to end, waits until it has, and starts it again. */
    synchronized void restart() {
        terminate();
        start();
    }

    /** Stops it in the middle of whatever it does, as a long garbage collection or a moved machine would. */
    synchronized void freezeWhile(Runnable meanwhile) {
        Signals.send("STOP", running().pid());
        try {
            meanwhile.run();
        } finally {
            Signals.send("CONT", running().pid());
        }
    }

    /** Starts it again if it has ended by itself; does not wait for who is about to end or start it. */
    void reviveIfDead() {
        Process seen = process;
        if (seen != null && !seen.isAlive()) {
            revive(seen);
        }
    }

    private synchronized void revive(Process dead) {
        if (process == dead) {
            deaths++;
            log.warn("{} ended by itself with {}", plan.name(), dead.exitValue());
            forget();
            start();
        }
    }

    /** How often it has ended by itself. */
    synchronized int deaths() {
        return deaths;
    }

    synchronized void terminate() {
        Process ending = running();
        Signals.send("TERM", ending.pid()); // Process.destroy() would also close its input, and so end it at once
        try {
            if (!ending.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(plan.name() + " does not end when asked to");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + plan.name() + " was ending", e);
        }
        if (ending.exitValue() != ENDED_BY_TERM) {
            log.warn("{} ended with {} when asked to", plan.name(), ending.exitValue());
        }
        forget();
    }

    @Override
    public synchronized void close() {
        kill();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() {
        try {
            Process started = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            process = started;
            Path pidFile = Files.writeString(directory.resolve("service.pid"), Long.toString(started.pid()));
            leash = Leash.attach(pidFile, "KILL", directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        if (!plan.clockShift().isZero()) {
            command.add(ClockAgentJar.option(plan.clockShift()));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(plan.application().getName());
        command.addAll(plan.arguments());
        return command;
    }

    private Path log() throws IOException {
        return Files.createDirectories(Path.of("target", "services")).resolve(plan.name() + ".log");
    }

    private void awaitUp() {
        await().alias("start of " + plan.name()).atMost(LIMIT).until(() -> {
            if (!running().isAlive()) {
                deaths++;
                log.warn(
                        "{} ended while it started, with {}",
                        plan.name(),
                        running().exitValue());
                forget();
                launch();
            }
            return plan.isUp().test(running().pid());
        });
    }

    private void kill() {
        Process killed = process;
        if (killed != null) {
            killed.destroyForcibly();
            try {
                killed.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            forget();
        }
    }

    private void forget() {
        process = null;
        if (leash != null) {
            leash.close();
            leash = null;
        }
    }

    private Process running() {
        Process present = process;
        if (present == null) {
            throw new IllegalStateException(plan.name() + " is not running: call start() first");
        }
        return present;
    }
}
