package dev.freehold.composition.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Many;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Every kind of failure with every optional source, over HTTP: the page answers, says which source it was, and why. */
@Timeout(120)
class FailureKindsTests {

    record Order(long id, long customerId, List<Long> productIds) {}

    record Customer(long id, String name) {}

    record Product(long id, String name) {}

    record Shipment(long id, long orderId) {}

    @ComposedView(root = "orders", budget = "2s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer,

            @Many(source = "shipments", key = "order.id") Part<List<Shipment>> shipments,

            @Many(source = "products", via = "order.productIds")
            Part<List<Product>> products) {}

    /** What a service does wrong, and what the page should say. */
    enum Kind {
        TIMEOUT(Cause.TIMEOUT),
        REFUSED(Cause.CONNECTION),
        SERVER_ERROR(Cause.SERVER_ERROR),
        CLIENT_ERROR(Cause.CLIENT_ERROR),
        UNREADABLE(Cause.UNREADABLE),
        TOO_LARGE(Cause.TOO_LARGE),
        DUPLICATE(Cause.DUPLICATE),
        UNKNOWN_KEY(Cause.UNKNOWN_KEY),
        BREAKER_OPEN(Cause.BREAKER_OPEN),
        BULKHEAD_FULL(Cause.BULKHEAD_FULL),
        REJECTED(Cause.REJECTED),
        CANCELLED(Cause.CANCELLED);

        private final Cause cause;

        Kind(Cause cause) {
            this.cause = cause;
        }
    }

    /** Sources over HTTP; what is thrown instead of an answer is for kinds that are no service's fault. */
    record Sources(Map<String, RestClient> clients, Map<String, RuntimeException> thrown) {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7, List.of(20L, 21L)), new Order(2, 8, List.of(21L)));
        }

        @Source(name = "customers", id = "id", maxRows = 100)
        @Nullable
        List<Customer> customers(Set<Long> ids) {
            return ask("customers", ids, new ParameterizedTypeReference<>() {});
        }

        @Source(name = "shipments", groupBy = "orderId", maxRows = 100)
        @Nullable
        List<Shipment> shipments(Set<Long> orderIds) {
            return ask("shipments", orderIds, new ParameterizedTypeReference<>() {});
        }

        @Source(name = "products", id = "id", maxRows = 100)
        @Nullable
        List<Product> products(Set<Long> ids) {
            return ask("products", ids, new ParameterizedTypeReference<>() {});
        }

        private <T> @Nullable List<T> ask(String source, Set<Long> ids, ParameterizedTypeReference<List<T>> type) {
            RuntimeException instead = thrown.get(source);
            if (instead != null) {
                throw instead;
            }
            RestClient client = clients.get(source);
            assertThat(client).isNotNull();
            return client == null
                    ? null
                    : client.post().uri("/" + source).body(ids).retrieve().body(type);
        }
    }

    private final Map<String, Kind> broken = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> thrown = new ConcurrentHashMap<>();
    private final Map<String, RestClient> clients = new ConcurrentHashMap<>();
    private final CircuitBreakerRegistry circuitBreakers = CircuitBreakerRegistry.ofDefaults();
    private final BulkheadRegistry bulkheads = BulkheadRegistry.ofDefaults();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private @Nullable HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        String url = "http://localhost:" + server.getAddress().getPort();
        for (String source : List.of("customers", "shipments", "products")) {
            clients.put(source, client(url));
        }
    }

    private static RestClient client(String url) {
        return RestClient.builder()
                .baseUrl(url)
                .requestFactory(new JdkClientHttpRequestFactory())
                .build();
    }

    @AfterEach
    void stop() {
        end.countDown();
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String source = exchange.getRequestURI().getPath().substring(1);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        List<Long> ids = Stream.of(body.replaceAll("[\\[\\] ]", "").split(","))
                .map(Long::valueOf)
                .toList();
        Kind kind = broken.get(source);
        if (kind == Kind.TIMEOUT) {
            waitForTheEnd();
        }
        int status = kind == Kind.SERVER_ERROR ? 503 : kind == Kind.CLIENT_ERROR ? 404 : 200;
        byte[] answer = (kind == Kind.UNREADABLE ? "<html>Welcome</html>" : rows(source, answered(ids, kind)))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", kind == Kind.UNREADABLE ? "text/html" : "application/json");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static List<Long> answered(List<Long> ids, @Nullable Kind kind) {
        List<Long> answered = new ArrayList<>(ids);
        if (kind == Kind.DUPLICATE) {
            answered.addAll(ids);
        } else if (kind == Kind.UNKNOWN_KEY) {
            answered.replaceAll(id -> -id);
        } else if (kind == Kind.TOO_LARGE) {
            while (answered.size() <= 100) {
                answered.addAll(ids);
            }
        }
        return answered;
    }

    private static String rows(String source, List<Long> ids) {
        return ids.stream()
                .map(id -> source.equals("shipments")
                        ? "{\"id\": 1, \"orderId\": %d}".formatted(id)
                        : "{\"id\": %d, \"name\": \"name\"}".formatted(id))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void waitForTheEnd() {
        try {
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static Stream<Arguments> kindsAndSources() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of("customers", "shipments", "products")
                        .filter(source -> kind != Kind.DUPLICATE || !source.equals("shipments")) // it may have many
                        .map(source -> Arguments.of(kind, source)));
    }

    private void breakSource(Kind kind, String source) throws IOException {
        switch (kind) {
            case REFUSED -> clients.put(source, client("http://localhost:" + freePort()));
            case BREAKER_OPEN -> circuitBreakers.circuitBreaker(source).transitionToOpenState();
            case BULKHEAD_FULL -> {
                BulkheadConfig one = BulkheadConfig.custom()
                        .maxConcurrentCalls(1)
                        .maxWaitDuration(Duration.ZERO)
                        .build();
                assertThat(bulkheads.bulkhead(source, one).tryAcquirePermission())
                        .isTrue();
            }
            case REJECTED -> thrown.put(source, new RejectedExecutionException("the client's pool is full"));
            case CANCELLED -> thrown.put(source, new CancellationException("by the client"));
            default -> broken.put(source, kind);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndSources")
    void leaveAPageThatNamesSourceAndCause(Kind kind, String source) throws Exception {
        breakSource(kind, source);
        try (Compositions compositions = Compositions.builder()
                .sources(new Sources(clients, thrown))
                .views(Row.class)
                .policies(new Resilience4jPolicies(
                        new Resilience4jPolicies.Registries(null, circuitBreakers, null, bulkheads, null), any -> 0))
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);

            Page<Row> page = view.page(null, Keyset.start(), 10);

            assertThat(page.missing())
                    .extracting(Page.Missing::source, Page.Missing::cause)
                    .containsOnly(tuple(source, kind.cause));
            assertThat(page.rows()).hasSize(2).allSatisfy(row -> {
                assertThat(row.customer()).isInstanceOf(expected("customers", source));
                assertThat(row.shipments()).isInstanceOf(expected("shipments", source));
                assertThat(row.products()).isInstanceOf(expected("products", source));
            });
        }
    }

    private static Class<?> expected(String source, String broken) {
        return source.equals(broken) ? Part.Unavailable.class : Part.Found.class;
    }
}
