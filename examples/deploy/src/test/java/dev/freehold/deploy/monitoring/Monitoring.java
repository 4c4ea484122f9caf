package dev.freehold.deploy.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that are deployed. */
final class Monitoring {

    static final Path DIRECTORY = Path.of("monitoring");

    private static final Pattern PROPERTIES = Pattern.compile("(?s)```properties\\n(.*?)```");
    private static final Pattern ALERT = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|");

    private Monitoring() {}

    /** The alert rules of all groups. */
    static List<JsonNode> rules() {
        JsonNode file = JsonMapper.shared().valueToTree(new Yaml().load(read("outbox-alerts.yml")));
        return file.get("groups")
                .valueStream()
                .flatMap(group -> group.get("rules").valueStream())
                .toList();
    }

    static JsonNode dashboard() {
        return JsonMapper.shared().readTree(read("outbox-dashboard.json"));
    }

    /** The README's properties, one a line. */
    static String[] properties() {
        return PROPERTIES
                .matcher(read("README.md"))
                .results()
                .flatMap(block -> block.group(1).lines())
                .toArray(String[]::new);
    }

    /** Severities by alert, as the README lists them. */
    static Map<String, String> severities() {
        Map<String, String> severities = new TreeMap<>();
        ALERT.matcher(read("README.md")).results().forEach(row -> severities.put(row.group(1), row.group(2)));
        return severities;
    }

    private static String read(String file) {
        try {
            return Files.readString(DIRECTORY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
