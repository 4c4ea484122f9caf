package dev.freehold.composition.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** What a service says of one key, and what the circuit breaker hears of it. */
@Timeout(60)
class HttpAnswerTests {

    record Order(long id, long customerId) {}

    enum Standing {
        GOOD,
        BAD
    }

    record Customer(long id, Standing standing) {}

    record Name(long id, String name) {}

    @ComposedView(root = "orders", budget = "30s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @One(source = "names", key = "order.customerId") Part<Name> name) {}

    @ComposedView(root = "orders", budget = "30s")
    record OtherRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    record Sources(RestClient client) {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of();
        }

        @Source(name = "customers")
        @Nullable
        Customer customer(long id) {
            return client.get().uri("/customers/{id}", id).retrieve().body(Customer.class);
        }

        @Source(name = "names")
        Name name(long id) {
            return new Name(id, "Ada");
        }
    }

    private static final List<Order> ORDERS = List.of(new Order(1, 7));

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;
    private volatile String standing = "GOOD";
    private final HttpServer server = server();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final CircuitBreaker breaker = breakers.circuitBreaker(
            "customers",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(10)
                    .minimumNumberOfCalls(4)
                    .build());
    private final Compositions compositions = Compositions.builder()
            .sources(new Sources(RestClient.builder()
                    .baseUrl("http://localhost:" + server.getAddress().getPort())
                    .requestFactory(new JdkClientHttpRequestFactory())
                    .build()))
            .views(Row.class, OtherRow.class)
            .policies(new Resilience4jPolicies(
                    new Resilience4jPolicies.Registries(null, breakers, null, null, null), any -> 0))
            .build();

    private HttpServer server() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            started.createContext("/", this::answer);
            started.start();
            return started;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = "{\"id\": 7, \"standing\": \"%s\"}".formatted(standing).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stop() {
        compositions.close();
        server.stop(0);
    }

    private Page<Row> page() {
        return compositions.view(Row.class).compose(ORDERS);
    }

    private Page<OtherRow> otherPage() {
        return compositions.view(OtherRow.class).compose(ORDERS);
    }

    private static Cause cause(Page<?> page) {
        return page.missing().get(0).cause();
    }

    @Test
    void isThatThereIsNoSuchThing() {
        status = 404;

        Page<Row> page = page();

        assertThat(page.rows().get(0).customer()).isEqualTo(new Part.Absent<>(7L));
        assertThat(page.isComplete()).isTrue();
        assertThat(requests.get()).isEqualTo(1);
        assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
    }

    @Test
    void opensTheBreakerIfItIsThatTheServiceFails() {
        status = 503;

        for (int i = 0; i < 4; i++) {
            assertThat(breaker.getState()).as("after %d calls", i).isEqualTo(CircuitBreaker.State.CLOSED);
            assertThat(cause(page())).isEqualTo(Cause.SERVER_ERROR);
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(cause(page())).isEqualTo(Cause.BREAKER_OPEN);
        assertThat(requests.get()).isEqualTo(4);
    }

    @Test
    void isHeardByOneBreakerForAllViews() {
        status = 503;

        for (int i = 0; i < 2; i++) {
            assertThat(cause(page())).isEqualTo(Cause.SERVER_ERROR);
            assertThat(cause(otherPage())).isEqualTo(Cause.SERVER_ERROR);
        }

        assertThat(cause(page())).isEqualTo(Cause.BREAKER_OPEN);
        assertThat(cause(otherPage())).isEqualTo(Cause.BREAKER_OPEN);
        assertThat(breakers.getAllCircuitBreakers()).containsExactly(breaker);
    }

    /** The service has been deployed before this one has. */
    @Test
    void leavesTheOtherPartsAloneIfItHasAValueThatIsNotKnownYet() {
        standing = "EXCELLENT";

        Page<Row> page = page();

        assertThat(page.rows().get(0).customer())
                .isEqualTo(new Part.Unavailable<>("customers", Cause.UNREADABLE, null));
        assertThat(page.rows().get(0).name().optional()).contains(new Name(7, "Ada"));
        assertThat(page.missing())
                .containsExactly(new Page.Missing("customer", "customers", Cause.UNREADABLE, null, 1));
    }

    @Test
    void isTheRow() {
        assertThat(page().rows().get(0).customer().optional()).contains(new Customer(7, Standing.GOOD));
    }
}
