package dev.freehold.quickstart.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class QuickstartCompositionTests {

    @Test
    void logsWhatTheReadmeExplains(CapturedOutput output) throws IOException {
        TryIt.main(new String[0]);

        assertThat(logged(output.getOut().lines().toList())).containsSequence(logged(readme(Path.of("README.md"))));
    }

    @Test
    void plansAsTheReadmeOfTheModuleSays(CapturedOutput output) throws IOException {
        TryIt.main(new String[0]);
        List<String> plan = readme(Path.of("..", "..", "api-composition", "README.md")).stream()
                .dropWhile(line -> !line.startsWith("EXPLAIN OrderRow"))
                .takeWhile(line -> !line.startsWith("```"))
                .toList();

        assertThat(plan).hasSizeGreaterThan(3);
        assertThat(logged(output.getOut().lines().toList())).containsSequence(plan);
    }

    private static List<String> readme(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    /** What this class logs, without the time. */
    private static List<String> logged(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  TryIt .*"))
                .map(line -> line.substring(line.indexOf("TryIt") + "TryIt        ".length())
                        .stripTrailing())
                .toList();
    }
}
