package dev.freehold.servicetest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The token of a write, from service to service; with one thread for requests, so that what one leaves there meets the next. */
@Timeout(60)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.tomcat.threads.max=1", "server.tomcat.threads.min-spare=1"})
class ConsistencyHeaderTests {

    private static final String HEADER = "X-Consistency-Token";
    private static final String STALE = "X-Consistency-Stale";

    private static final Customers CUSTOMERS = new Customers();
    private static final AtomicLong NEXT = new AtomicLong(100);

    /** The asked service: it knows every customer, and what it was told of tokens. */
    private static final class Customers {

        private final Map<Long, List<String>> tokens = new ConcurrentHashMap<>(); // by customer
        private final HttpServer server;
        private volatile String stale = "";

        private Customers() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            server.createContext("/customers/search", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                String ids = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                long id = Long.parseLong(ids.replaceAll("[\\[\\] ]", ""));
                tokens.put(id, exchange.getRequestHeaders().getOrDefault(HEADER, List.of()));
                byte[] body = "[{\"id\": %d, \"name\": \"Ada\"}]".formatted(id).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                if (!stale.isEmpty()) {
                    exchange.getResponseHeaders().set(STALE, stale);
                }
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @DynamicPropertySource
    static void neighbours(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.http.serviceclient.customers.base-url",
                () -> "http://localhost:" + CUSTOMERS.server.getAddress().getPort());
    }

    @AfterAll
    static void stop() {
        CUSTOMERS.server.stop(0);
    }

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private RatingsApplication.CustomerApi customers;

    @Autowired
    private RatingsApplication.Sources sources;

    @BeforeEach
    void takeAnotherCustomer() {
        sources.customer = NEXT.incrementAndGet();
    }

    @AfterEach
    void catchUp() {
        CUSTOMERS.stale = "";
    }

    private HttpResponse<String> get(String path, String... tokens) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        for (String token : tokens) {
            request.header(HEADER, token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<String> told() {
        return CUSTOMERS.tokens.getOrDefault(sources.customer, List.of("not asked"));
    }

    @Test
    void goesToAServiceWhoseSourceHeedsIt() throws Exception {
        HttpResponse<String> answer = get("/orders", "e1.abc");

        assertThat(answer.body()).contains("\"complete\":true").contains("\"stale\":false");
        assertThat(answer.headers().firstValue(STALE)).isEmpty();
        assertThat(told()).containsExactly("e1.abc");
    }

    @Test
    void goesThereWithOthers() throws Exception {
        get("/orders", "e1.abc,e1.def", "p1.g");

        assertThat(told()).containsExactly("e1.abc,e1.def,p1.g");
    }

    @Test
    void isForgottenWithTheRequest() throws Exception {
        get("/orders", "e1.abc");
        sources.customer = NEXT.incrementAndGet();
        get("/orders");

        assertThat(told()).isEmpty();
    }

    @Test
    void isNotSentOutsideOfASource() {
        assertThat(customers.byIds(Set.of(sources.customer))).hasSize(1);

        assertThat(told()).isEmpty();
    }

    @Test
    void comesBackAsStaleThroughThePage() throws Exception {
        CUSTOMERS.stale = "true";

        HttpResponse<String> answer = get("/orders", "e1.abc");

        assertThat(answer.body())
                .contains("\"complete\":true")
                .contains("\"stale\":true")
                .contains("Ada");
        assertThat(answer.headers().allValues(STALE)).containsExactly("true");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void comesBackWhereThePageIsMadeOnAnotherThreadAndIsAPartOfTheAnswer() throws Exception {
        CUSTOMERS.stale = "true";

        HttpResponse<String> answer = get("/later", "e1.abc");

        assertThat(told()).containsExactly("e1.abc");
        assertThat(answer.body()).contains("\"stale\":true");
        assertThat(answer.headers().allValues(STALE)).containsExactly("true");
    }

    @Test
    void isNotSentByAControllerThatAsksWithoutAPage() throws Exception {
        assertThat(get("/direct", "e1.abc").statusCode()).isEqualTo(200);

        assertThat(CUSTOMERS.tokens.get(4711L)).isEmpty();
    }

    @Test
    void isNeededForThat() throws Exception {
        CUSTOMERS.stale = "true";

        HttpResponse<String> answer = get("/orders");

        assertThat(answer.body()).contains("\"stale\":false");
        assertThat(answer.headers().firstValue(STALE)).isEmpty();
    }

    @Test
    void isNotThereIfTheAnswerSaysOtherwise() throws Exception {
        CUSTOMERS.stale = "false";

        assertThat(get("/orders", "e1.abc").body()).contains("\"stale\":false");
    }

    @Test
    void isNoneIfBlank() throws Exception {
        assertThat(get("/orders", " ").statusCode()).isEqualTo(200);
        assertThat(told()).isEmpty();
    }

    @Test
    void isRefusedIfTooLong() throws Exception {
        HttpResponse<String> answer = get("/orders", "x".repeat(4_001), "y".repeat(4_000));

        assertThat(answer.statusCode()).isIn(400, 431);
    }

    @Nested
    @TestPropertySource(properties = "freehold.composition.consistency-header=")
    class WithoutAName {

        @Test
        void isNeitherHeededNorSent() throws Exception {
            CUSTOMERS.stale = "true";

            assertThat(get("/orders", "e1.abc").body()).contains("\"stale\":false");
            assertThat(told()).isEmpty();
        }
    }

    @Nested
    @TestPropertySource(properties = "freehold.composition.consistency-header=Session-Token")
    class WithAnotherName {

        @Test
        void isTakenByThat() throws Exception {
            get("/orders", "e1.abc");

            assertThat(told()).isEmpty();
        }
    }
}
