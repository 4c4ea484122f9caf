package dev.freehold.deploy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever rules and dashboard name is among the meters of a service that has published and handled something. */
class MetersTests {

    /** Labels that Prometheus adds when it scrapes. */
    private static final List<String> OF_TARGETS = List.of("instance", "job");

    private static final Pattern IN_ALERT = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*\\}\\}");

    private static WatchedService service;
    private static Scrape scrape;

    @BeforeAll
    static void publishAndHandle() {
        service = WatchedService.start();
        service.publish("1", "2", OrderPlaced.POISON);
        scrape = service.scrape(it -> it.sum("freehold_inbox_parked_keys", "") == 1);
    }

    @AfterAll
    static void stop() throws ExecutionException, InterruptedException {
        service.close();
    }

    @Test
    void tellWhatTheServiceDid() {
        assertThat(scrape.sum("freehold_outbox_active", "{application=\"orders\"}"))
                .isEqualTo(1);
        assertThat(scrape.sum("freehold_outbox_published_events_total", "")).isEqualTo(3);
        assertThat(scrape.sum("freehold_inbox_messages_total", "{outcome=\"handled\"}"))
                .isEqualTo(2);
    }

    static Stream<Expression> expressions() {
        return Stream.of(
                        Monitoring.rules().stream().map(rule -> rule.get("expr")),
                        Dashboard.targets().map(target -> target.get("expr")),
                        Dashboard.queries())
                .flatMap(texts -> texts.map(JsonNode::stringValue))
                .map(Expression::new);
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void haveWhatAnExpressionAsksFor(Expression expression) {
        assertThat(expression.selectors()).isNotEmpty();
        assertThat(scrape.unknown(expression)).isEmpty();
    }

    static Stream<JsonNode> rules() {
        return Monitoring.rules().stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void haveTheLabelsThatAnAlertShows(JsonNode rule) {
        assertThat(new Expression(rule.get("expr").stringValue()).labels())
                .containsAll(names(IN_ALERT, rule.get("annotations").toString()))
                .contains("application");
    }

    static Stream<JsonNode> targets() {
        return Dashboard.targets();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void haveTheLabelsThatALegendShows(JsonNode target) {
        Expression expression = new Expression(target.get("expr").stringValue());
        assertThat(names(IN_LEGEND, target.get("legendFormat").stringValue()))
                .isNotEmpty()
                .allMatch(label -> expression.labels().isEmpty()
                        ? OF_TARGETS.contains(label) || scrape.labels().contains(label)
                        : expression.labels().contains(label));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "freehold_outbox_published_total",
                "sum by (application) (rate(freehold_outbox_published_events[5m])) > 0",
                "max by (application, shard) (freehold_outbox_active)",
                "freehold_inbox_messages_total{outcome=\"ignored\"}",
                "freehold_inbox_messages_total{result!=\"handled\"}",
                "freehold_outbox_active and on (host) freehold_outbox_backlog",
                "label_values(freehold_outbox_active, group)",
                "label_values({__name__=~\"freehold_relay_.*\"}, application)",
            })
    void lackWhatTheyDoNotHave(String expression) {
        assertThat(scrape.unknown(new Expression(expression))).isNotEmpty();
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(it -> it.group(1)).toList();
    }
}
