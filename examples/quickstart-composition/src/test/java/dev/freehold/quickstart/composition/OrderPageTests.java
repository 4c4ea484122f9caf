package dev.freehold.quickstart.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page over HTTP, with one neighbour that answers and one that is not there. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class OrderPageTests {

    private static final Neighbour CUSTOMERS = neighbour();

    @LocalServerPort
    private int port;

    private static Neighbour neighbour() {
        try {
            return new Neighbour("/customers/search", id -> "{\"id\": %d, \"name\": \"Ada\"}".formatted(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void neighbours(DynamicPropertyRegistry registry) {
        registry.add("spring.http.serviceclient.customers.base-url", CUSTOMERS::url);
        registry.add("spring.http.serviceclient.shipping.base-url", () -> "http://localhost:1");
    }

    @AfterAll
    static void stop() {
        CUSTOMERS.close();
    }

    @Test
    void saysWhatIsMissing() throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:%d/orders?status=OPEN".formatted(port)))
                                .header("X-Analyze", "1")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        JsonNode page = JsonMapper.builder().build().readTree(answer.body());
        assertThat(page.get("rows").size()).isEqualTo(3);
        JsonNode row = page.get("rows").get(0);
        assertThat(row.get("customer").get("value").get("name").asString()).isEqualTo("Ada");
        assertThat(row.get("shipments").get("state").asString()).isEqualTo("unavailable");
        assertThat(page.get("missing").get(0).get("cause").asString()).isEqualTo("CONNECTION");
        assertThat(page.get("complete").asBoolean()).isFalse();
        assertThat(answer.headers().firstValue("Server-Timing").orElseThrow())
                .contains("shipments 3 keys 3 asked 1 calls");
    }
}
