package dev.freehold.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every piece of Java in a README stands in an example, where it is compiled and run. */
class ReadmeTests {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void showsOnlyCodeThatIsCompiled() {
        List<String> sources = files(ROOT.resolve("examples"), ".java")
                .map(ReadmeTests::squeezed)
                .toList();
        List<Path> readmes = files(ROOT, "README.md").toList();

        assertThat(readmes).hasSizeGreaterThan(2);
        for (Path readme : readmes) {
            for (MatchResult block : JAVA.matcher(text(readme)).results().toList()) {
                String code = block.group(1).replaceAll("\\s+", " ").strip();
                assertThat(sources.stream().anyMatch(source -> source.contains(code)))
                        .as("in an example, from %s:%n%s", readme, block.group(1))
                        .isTrue();
            }
        }
    }

    private static Stream<Path> files(Path below, String ending) {
        try (Stream<Path> walk = Files.walk(below)) {
            return walk
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("target"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(Path file) {
        return text(file).replaceAll("\\s+", " ");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
