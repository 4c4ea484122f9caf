package dev.freehold.deploy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The alert rules are such that Prometheus takes them, fire when they should, and tell what to do. */
class AlertRulesTests {

    @Test
    void areValid() throws IOException, InterruptedException {
        Promtool.run(
                "check",
                "rules",
                Monitoring.DIRECTORY.resolve("outbox-alerts.yml").toString());
    }

    @Test
    void fireWhenTheyShould() throws IOException, InterruptedException {
        Promtool.run(
                "test",
                "rules",
                Monitoring.DIRECTORY.resolve("outbox-alerts-test.yml").toString());
    }

    @Test
    void tellWhatToDo() {
        assertThat(Monitoring.rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.at("/annotations/summary").stringValue()).contains("{{ $labels.application }}");
            assertThat(rule.at("/annotations/description").stringValue()).contains("/actuator/");
        });
    }

    @Test
    void areListedInTheReadme() {
        Map<String, String> severities = new TreeMap<>();
        for (JsonNode rule : Monitoring.rules()) {
            severities.put(
                    rule.get("alert").stringValue(), rule.at("/labels/severity").stringValue());
        }
        assertThat(Monitoring.severities()).isEqualTo(severities);
    }
}
