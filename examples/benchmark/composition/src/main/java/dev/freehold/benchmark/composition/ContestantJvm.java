package dev.freehold.benchmark.composition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the process of a contestant and reads its figures. */
final class ContestantJvm {

    private ContestantJvm() {}

    /**
     * Returns when it has ended.
     *
     * @throws IOException if it failed
     */
    static List<Figure> measure(Scenario scenario, Entrant entrant, Settings settings, ServiceHost.Ports ports)
            throws IOException, InterruptedException {
        Path log = Files.createDirectories(Path.of("target", "contestants"))
                .resolve("%s-%s.log".formatted(scenario.label(), entrant.label()));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        ContestantProcess.class.getName(),
                        scenario.label(),
                        entrant.label(),
                        settings.scale(),
                        ports.toString())
                .redirectError(log.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        List<Figure> figures = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(ContestantProcess.FIGURE))
                .map(Figure::parse)
                .toList();
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("its process ended with %d, see %s".formatted(status, log.toAbsolutePath()));
        }
        return figures;
    }

    /** What was measured. */
    record Figure(String metric, String unit, double value) {

        private static Figure parse(String line) {
            String[] parts = line.split("\t", -1);
            return new Figure(parts[1], parts[2], Double.parseDouble(parts[3]));
        }
    }
}
