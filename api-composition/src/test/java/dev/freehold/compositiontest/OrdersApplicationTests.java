package dev.freehold.compositiontest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The auto-configuration in a real service, over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=*",
            "freehold.composition.analyze-header=X-Analyze",
            "freehold.composition.sources.customers.concurrency=2",
            "resilience4j.circuitbreaker.instances.customers.slidingWindowSize=20",
            "resilience4j.circuitbreaker.instances.customers.minimumNumberOfCalls=20"
        })
class OrdersApplicationTests {

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private OrdersApplication.Sources sources;

    @Autowired
    private Compositions compositions;

    @Autowired
    private CircuitBreakerRegistry circuitBreakers;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private JsonMapper json;

    @AfterEach
    void comeBack() {
        sources.away = false;
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersWithAPage() throws Exception {
        HttpResponse<String> answer = get("/orders?status=OPEN");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).isEmpty();
        JsonNode page = json.readTree(answer.body());
        assertThat(page.propertyNames()).containsExactlyInAnyOrder("rows", "next", "missing", "stale", "complete");
        JSONAssert.assertEquals("""
                {"order": {"id": 10, "customerId": 2, "status": "OPEN"},
                 "customer": {"state": "found", "value": {"id": 2, "name": "customer 2"}, "stale": false}}
                """, page.get("rows").get(0).toString(), false);
        JSONAssert.assertEquals("""
                {"order": {"id": 8}, "customer": {"state": "absent", "key": 3}}
                """, page.get("rows").get(1).toString(), false);
    }

    @Test
    void goesOnAtTheKeyset() throws Exception {
        String next = json.readTree(get("/orders").body()).get("next").asString();

        JsonNode second = json.readTree(get("/orders?at=" + next).body());

        assertThat(second.get("rows").get(0).get("order").get("id").asInt()).isEqualTo(7);
    }

    @Test
    void refusesAKeysetThatIsNone() throws Exception {
        assertThat(get("/orders?at=seven").statusCode()).isEqualTo(400);
        assertThat(get("/orders?at=" + Keyset.after("seven")).statusCode()).isEqualTo(400);
        assertThat(get("/orders?at=" + Keyset.after(7, 8)).statusCode()).isEqualTo(400);
    }

    @Test
    void saysWhatIsMissingAndKeepsThatOutOfCaches() throws Exception {
        sources.away = true;

        HttpResponse<String> answer = get("/orders");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JSONAssert.assertEquals("""
                {"missing": [{"component": "customer", "source": "customers", "cause": "SERVER_ERROR", "retryAfter": "PT7S",
                              "rows": 3}]}
                """, answer.body(), false);
    }

    @Test
    void answersWith503IfARequiredPartIsMissing() throws Exception {
        sources.away = true;

        HttpResponse<String> answer = get("/strict");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(meters.get("freehold.composition.page")
                        .tags("view", "StrictRow", "outcome", "failed")
                        .timer()
                        .count())
                .isPositive();
        JSONAssert.assertEquals("""
                {"source": "customers", "cause": "SERVER_ERROR"}
                """, answer.body(), false);
    }

    @Test
    void tellsHowThePageWasMadeIfAsked() throws Exception {
        assertThat(get("/orders").headers().firstValue("Server-Timing")).isEmpty();
        assertThat(get("/orders", "X-Analyze", "yes")
                        .headers()
                        .firstValue("Server-Timing")
                        .orElseThrow())
                .containsPattern(
                        "total;dur=[0-9.]+;desc=\"complete\", overhead;dur=[0-9.]+, root;dur=[0-9.]+;desc=\"orders 3 rows\"")
                .containsPattern("customer;dur=[0-9.]+;desc=\"customers 3 keys 3 asked 1 calls\"");
    }

    @Test
    void showsPlansAtTheEndpoint() throws Exception {
        JsonNode all = json.readTree(get("/actuator/compositions").body());
        JsonNode one = json.readTree(get("/actuator/compositions/OrderRow").body());

        assertThat(all.get("views").size()).isEqualTo(2);
        assertThat(one.get("explain").asString())
                .startsWith("EXPLAIN OrderRow  budget 20s  2 calls one after the other");
        assertThat(one.get("mermaid").asString()).startsWith("flowchart LR");
        assertThat(get("/actuator/compositions/Unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void findsTheCircuitBreakerByTheNameOfTheSource() throws Exception {
        CircuitBreaker breaker = circuitBreakers.circuitBreaker("customers");
        breaker.transitionToOpenState();
        try {
            JSONAssert.assertEquals("""
                    {"missing": [{"source": "customers", "cause": "BREAKER_OPEN"}]}
                    """, get("/orders").body(), false);
        } finally {
            breaker.transitionToClosedState();
        }
    }

    @Test
    void countsAndTimes() throws Exception {
        get("/orders");

        assertThat(meters.get("freehold.composition.page")
                        .tag("view", "OrderRow")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get("freehold.composition.overhead")
                        .tag("view", "OrderRow")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get("freehold.composition.keys")
                        .tag("source", "customers")
                        .counter()
                        .count())
                .isPositive();
        assertThat(meters.get("freehold.composition.call")
                        .tag("source", "customers")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get("freehold.composition.calls.active")
                        .tag("source", "customers")
                        .gauge()
                        .value())
                .isZero();
        assertThat(compositions.callsInFlight()).containsEntry("customers", 0);
    }
}
