package dev.freehold.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every piece of Java in a README stands in an example, where it is compiled and run. */
class ReadmeTests {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    /** A test class in code style, perhaps with a nested class and a method. */
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Tests|Contract))((?:\\.\\w+)*)`");

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

    /** Which rule is proven by which test is worth nothing if the test has another name by now. */
    @Test
    void namesOnlyTestsThatExist() {
        Map<String, String> tests = files(ROOT, ".java")
                .collect(Collectors.toMap(ReadmeTests::className, ReadmeTests::text, (one, another) -> one + another));
        List<MatchResult> named =
                TEST.matcher(text(ROOT.resolve("CONTRIBUTING.md"))).results().toList();

        assertThat(named).hasSizeGreaterThan(50);
        for (MatchResult test : named) {
            String code = tests.getOrDefault(test.group(1), "");
            assertThat(code).as(test.group()).isNotEmpty();
            for (String name : test.group(2).split("\\.")) {
                assertThat(code).as(test.group()).containsPattern(name.isEmpty() ? "" : "(void|class) " + name + "\\b");
            }
        }
    }

    private static String className(Path file) {
        return file.getFileName().toString().replace(".java", "");
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
