package dev.freehold.deploy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Prometheus' own tool for rules, where it is installed. */
final class Promtool {

    private static final String NAME = "promtool";

    private Promtool() {}

    /** Runs it and requires success; without it the test is skipped. */
    static void run(String... arguments) throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "promtool is not on the PATH, so rules are not tested; it comes with Prometheus");
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of(NAME), Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static boolean isInstalled() {
        List<String> path = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .toList();
        return path.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, NAME)));
    }
}
