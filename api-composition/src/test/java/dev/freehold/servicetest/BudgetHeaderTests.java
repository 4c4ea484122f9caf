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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The time that is left, from service to service; with one thread for requests, so that what one leaves there meets the next. */
@Timeout(60)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.tomcat.threads.max=1", "server.tomcat.threads.min-spare=1"})
class BudgetHeaderTests {

    private static final String HEADER = "X-Budget-Millis";

    /** That of the views. */
    private static final Duration BUDGET = Duration.ofSeconds(20);

    private static final Customers CUSTOMERS = new Customers();
    private static final AtomicLong NEXT = new AtomicLong(100);

    /** The asked service: it knows every customer, and what it was told of the time. */
    private static final class Customers {

        private final Map<Long, Optional<String>> budgets = new ConcurrentHashMap<>(); // by customer
        private final CountDownLatch end = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;
        private volatile boolean hangs;

        private Customers() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            server.setExecutor(threads);
            server.createContext("/customers/search", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                String ids = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                long id = Long.parseLong(ids.replaceAll("[\\[\\] ]", ""));
                budgets.put(id, Optional.ofNullable(exchange.getRequestHeaders().getFirst(HEADER)));
                if (hangs) {
                    end.await();
                }
                byte[] body = "[{\"id\": %d, \"name\": \"Ada\"}]".formatted(id).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        private void stop() {
            end.countDown();
            server.stop(0);
            threads.shutdownNow();
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
        CUSTOMERS.stop();
    }

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private RatingsApplication.CustomerApi customers;

    @Autowired
    private RatingsApplication.Sources sources;

    /** Each test has a customer of its own: what the one before has asked may still be under way. */
    @BeforeEach
    void takeAnotherCustomer() {
        sources.customer = NEXT.incrementAndGet();
    }

    @AfterEach
    void goOn() {
        CUSTOMERS.hangs = false;
    }

    private HttpResponse<String> get(String path, @Nullable String budget) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (budget != null) {
            request.header(HEADER, budget);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void isAnsweredWith(String path, @Nullable String budget) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, budget);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Ada").contains("\"complete\":true");
    }

    /** What the asked service was told, if anything. */
    private Optional<String> told() {
        Optional<String> told = CUSTOMERS.budgets.get(sources.customer);
        assertThat(told).as("a request").isNotNull();
        return told == null ? Optional.empty() : told;
    }

    @Test
    void tellsTheAskedServiceHowMuchTimeIsLeft() throws Exception {
        isAnsweredWith("/orders", null);

        assertThat(Long.parseLong(told().orElseThrow())).isBetween(1L, BUDGET.toMillis());
    }

    @Test
    void tellsItNoMoreThanTheRequestLeaves() throws Exception {
        isAnsweredWith("/orders", "15000");

        assertThat(Long.parseLong(told().orElseThrow())).isBetween(1L, 15_000L);
    }

    @Test
    void tellsNothingOutsideOfASource() throws Exception {
        assertThat(customers.byIds(Set.of(sources.customer))).hasSize(1);

        assertThat(told()).isEmpty();
    }

    @Test
    void endsThePageWhenTheSenderOfTheRequestWaitsNoLonger() throws Exception {
        isAnsweredWith("/strict", null);
        CUSTOMERS.hangs = true;
        long begun = System.nanoTime();

        HttpResponse<String> answer = get("/strict", "200");

        assertThat(answer.statusCode()).isIn(503, 504);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BUDGET.dividedBy(2));
        CUSTOMERS.hangs = false;
        isAnsweredWith("/strict", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1.5", "1,000", "0x10", "99999999999999999999", "9223372036854775807", " 15000 "})
    void isAHintThatNeedNotBeRead(String budget) throws Exception {
        isAnsweredWith("/orders", budget);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-9223372036854775808"})
    void isOverAlreadyForOneRequestOnly(String budget) throws Exception {
        assertThat(get("/orders", budget).statusCode()).isIn(200, 503, 504);

        isAnsweredWith("/orders", null);
    }

    @Nested
    @TestPropertySource(properties = "freehold.composition.budget-header=")
    class WithoutAName {

        @Test
        void isNotSent() throws Exception {
            isAnsweredWith("/orders", null);

            assertThat(told()).isEmpty();
        }

        @Test
        void isNotHeeded() throws Exception {
            isAnsweredWith("/orders", "1");
        }
    }
}
