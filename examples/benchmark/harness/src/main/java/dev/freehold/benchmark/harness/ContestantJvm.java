package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Poison;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.fixture.Signals;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contestant's process and its commands; each returns when the process has obeyed. */
final class ContestantJvm implements AutoCloseable {

    private static final Path MODULES = Path.of("..");
    private static final int STOP_SECONDS = 60;
    private static final int KILL_SECONDS = 10;

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private final Path log;

    private ContestantJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ContestantJvm launch(Entrant entrant, Surroundings surroundings) throws IOException {
        Path log = Files.createDirectories(Path.of("target", "contestants")).resolve(entrant.label() + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.add("-Dshards=" + Integer.getInteger("shards", 1));
        command.addAll(surroundings.toProperties());
        command.add("dev.freehold.benchmark.ContestantProcess");
        command.add(entrant.className());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CLASSPATH", classPath(entrant));
        return new ContestantJvm(builder.start(), log);
    }

    private static String classPath(Entrant entrant) throws IOException {
        Path target = MODULES.resolve(entrant.module()).resolve("target");
        Path libraryList = target.resolve("classpath");
        if (!Files.exists(libraryList)) {
            throw new IOException(
                    "build " + entrant.module() + " first: " + libraryList.toAbsolutePath() + " is missing");
        }
        String libraries = Files.readString(libraryList).strip();
        return target.resolve("classes").toAbsolutePath() + File.pathSeparator + libraries;
    }

    long pid() {
        return process.pid();
    }

    void prepare() throws IOException {
        ask("prepare");
    }

    void start(Role role) throws IOException {
        ask("start " + role);
    }

    /** Tells the process to start and does not wait, so that two can start together; then {@link #awaitStarted()}. */
    void beginStart(Role role) {
        commands.println("start " + role);
    }

    void awaitStarted() throws IOException {
        answer("start");
    }

    void stop() throws IOException {
        ask("stop");
    }

    /** Whether its relay works now. */
    boolean isActive() throws IOException {
        return Boolean.parseBoolean(ask("active"));
    }

    void fill(long first, int count, Poison poison) throws IOException {
        ask("fill " + first + " " + count + " " + poison.bytes());
    }

    /** Runs business transactions for a time and returns how many were committed in a second. */
    double transactionsPerSecond(int threads, long millis) throws IOException {
        String[] committedAndNanos =
                ask("transactions " + threads + " " + millis).split(" ");
        return Long.parseLong(committedAndNanos[0]) * 1e9 / Long.parseLong(committedAndNanos[1]);
    }

    /** Begins business transactions at a rate, for at most so long; then {@link #awaitLoad}. */
    void beginLoad(int perSecond, Duration longest) throws IOException {
        ask("begin-load " + perSecond + " " + longest.toMillis());
    }

    /** Ends them before their time. */
    void endLoad() throws IOException {
        ask("end-load");
    }

    /** Waits for the end of the business transactions, and has their times written to the file. */
    Written awaitLoad(Path times) throws IOException {
        String[] eventsAndMicros = ask("await-load " + times.toAbsolutePath()).split(" ");
        return new Written(Integer.parseInt(eventsAndMicros[0]), Long.parseLong(eventsAndMicros[1]));
    }

    /** Publishes an event in a transaction that stays open until {@link #release}. */
    void hold(int number) throws IOException {
        ask("hold " + number);
    }

    void release() throws IOException {
        ask("release");
    }

    /** Publishes an event in a transaction that is prepared under a name. */
    void prepareTransaction(int number, String name) throws IOException {
        ask("prepare-transaction " + number + " " + name);
    }

    private String ask(String command) throws IOException {
        commands.println(command);
        return answer(command);
    }

    private String answer(String command) throws IOException {
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith("ok ")) {
            throw new IOException("'" + command + "' answered with: " + answer + ", see " + log);
        }
        return answer.substring("ok ".length());
    }

    /** Tells the process to end in order, and waits until it has. */
    void terminate() {
        Signals.send("TERM", process.pid()); // destroy() would close its input, too, with which it ends at once
        awaitEnd(STOP_SECONDS);
    }

    /** Kills the process. */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd(KILL_SECONDS);
    }

    private void awaitEnd(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "process " + process.pid() + " did not end in " + seconds + " s, see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What a load has written.
     *
     * @param latestMicros by how much the latest transaction began too late
     */
    record Written(int events, long latestMicros) {}
}
