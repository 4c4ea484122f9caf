package dev.freehold.deploy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard is such that Grafana can import and show it. */
class DashboardTests {

    private static final String DATA_SOURCE = "${datasource}";

    @Test
    void hasPanelsWithIdsOfTheirOwn() {
        assertThat(Dashboard.panels())
                .isNotEmpty()
                .extracting(panel -> panel.get("id").intValue())
                .doesNotHaveDuplicates();
    }

    @Test
    void hasARowForOutboxAndInbox() {
        assertThat(Dashboard.panels())
                .filteredOn(Dashboard::isRow)
                .extracting(panel -> panel.get("title").stringValue())
                .containsExactly("Outbox", "Inbox");
    }

    @Test
    void saysOfEachPanelWhatItShowsAndInWhichUnit() {
        assertThat(Dashboard.charts()).allSatisfy(panel -> {
            assertThat(panel.get("description").stringValue()).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/unit").stringValue()).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/thresholds/steps")).isNotEmpty();
        });
    }

    @Test
    void asksTheChosenDataSourceForEachPanel() {
        assertThat(Dashboard.charts()).allSatisfy(panel -> {
            assertThat(panel.at("/datasource/uid").stringValue()).isEqualTo(DATA_SOURCE);
            assertThat(panel.get("targets").valueStream()).isNotEmpty().allSatisfy(target -> {
                assertThat(target.at("/datasource/uid").stringValue()).isEqualTo(DATA_SOURCE);
                assertThat(target.get("expr").stringValue()).contains("application=~\"$application\"");
            });
            assertThat(panel.get("targets").valueStream())
                    .extracting(target -> target.get("refId").stringValue())
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void letsChooseDataSourceApplicationAndGroup() {
        assertThat(Dashboard.variables())
                .extracting(variable -> variable.get("name").stringValue())
                .containsExactly("datasource", "application", "group");
    }

    @Test
    void hasNoPanelOnAnother() {
        assertThat(Dashboard.panels().stream().flatMap(DashboardTests::cells)).doesNotHaveDuplicates();
    }

    private static Stream<List<Integer>> cells(JsonNode panel) {
        JsonNode at = panel.get("gridPos");
        int x = at.get("x").intValue();
        int y = at.get("y").intValue();
        assertThat(x + at.get("w").intValue()).isLessThanOrEqualTo(24);
        return IntStream.range(x, x + at.get("w").intValue())
                .boxed()
                .flatMap(column ->
                        IntStream.range(y, y + at.get("h").intValue()).mapToObj(line -> List.of(column, line)));
    }

    @Test
    void asksInPromQl(@TempDir Path directory) throws IOException, InterruptedException {
        List<Map<String, String>> rules = Dashboard.targets()
                .map(target -> new Expression(target.get("expr").stringValue()).plain())
                .map(expression -> Map.of("record", "freehold:panel", "expr", expression))
                .distinct()
                .toList();
        Path file = directory.resolve("rules.yml"); // JSON is YAML
        Files.writeString(
                file,
                JsonMapper.shared()
                        .writeValueAsString(Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));
        Promtool.run("check", "rules", "--lint=none", file.toString());
    }
}
