package dev.freehold.deploy.monitoring;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The parts of the dashboard. */
final class Dashboard {

    private Dashboard() {}

    static List<JsonNode> panels() {
        return Monitoring.dashboard().get("panels").valueStream().toList();
    }

    /** Panels that show something. */
    static Stream<JsonNode> charts() {
        return panels().stream().filter(panel -> !isRow(panel));
    }

    static boolean isRow(JsonNode panel) {
        return panel.get("type").stringValue().equals("row");
    }

    static Stream<JsonNode> targets() {
        return charts().flatMap(panel -> panel.get("targets").valueStream());
    }

    static List<JsonNode> variables() {
        return Monitoring.dashboard().at("/templating/list").valueStream().toList();
    }

    /** What the values of variables are asked by. */
    static Stream<JsonNode> queries() {
        return variables().stream()
                .filter(variable -> variable.get("type").stringValue().equals("query"))
                .map(variable -> variable.at("/query/query"));
    }
}
