package dev.freehold.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;

@ExtendWith(OutputCaptureExtension.class)
class QuickstartTests {

    /** What differs from run to run. */
    private static final Pattern VARYING = Pattern.compile(
            "^[0-9:.]+ |[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d+@\\S+(?=/)|partition \\d|offset \\d");

    @Test
    void logsWhatTheReadmeExplains(CapturedOutput output) throws Exception {
        TryIt.main(new String[0]);
        assertThat(comparable(output.getOut().lines().toList()))
                .containsExactlyInAnyOrderElementsOf(comparable(readmeLog()));
    }

    @Test
    void migrationsHoldThePresentOutboxSchema() throws IOException {
        assertThat(text("db/migration/V1__outbox.sql")).isEqualTo(text("dev/freehold/outbox/schema-postgresql.sql"));
    }

    private static List<String> readmeLog() throws IOException {
        return Files.readString(Path.of("README.md"))
                .lines()
                .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*"))
                .toList();
    }

    private static List<String> comparable(List<String> lines) {
        return lines.stream()
                .map(line -> VARYING.matcher(line).replaceAll("…").stripTrailing())
                .toList();
    }

    private static String text(String resource) throws IOException {
        return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
    }
}
