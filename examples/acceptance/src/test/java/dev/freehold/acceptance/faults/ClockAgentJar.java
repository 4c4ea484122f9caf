package dev.freehold.acceptance.faults;

import dev.freehold.acceptance.faults.services.ClockAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar that names {@link ClockAgent}; the class itself is on the class path. */
final class ClockAgentJar {

    private static final Path JAR = create();

    private ClockAgentJar() {}

    /** The option of a JVM whose clock shall be wrong by that much. */
    static String option(Duration shift) {
        return "-javaagent:" + JAR + "=" + shift;
    }

    private static Path create() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ClockAgent.class.getName());
        Path jar = Path.of("target", "clock-agent.jar").toAbsolutePath();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
