package dev.freehold.composition.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import dev.freehold.composition.http.SilentServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** HTTP interface clients of a {@code WebClient}, whatever they return, and a root source that answers row by row. */
@Timeout(120)
class WebClientSourceTests {

    record Order(long id, long customerId) {}

    record Customer(long id, String name) {}

    interface CustomerApi {

        @Source(name = "blocking", id = "id")
        @PostExchange("/customers/search")
        List<Customer> blocking(@RequestBody Set<Long> ids);

        @Source(name = "mono", id = "id")
        @PostExchange("/customers/search")
        Mono<List<Customer>> mono(@RequestBody Set<Long> ids);

        @Source(name = "flux", id = "id", maxRows = 100)
        @PostExchange("/customers/search")
        Flux<Customer> flux(@RequestBody Set<Long> ids);

        @Source(name = "single")
        @GetExchange("/customers/{id}")
        Mono<Customer> single(@PathVariable long id);

        @Source(name = "several")
        @GetExchange("/customers/{id}/all")
        Flux<Customer> several(@PathVariable long id);
    }

    /** Has more orders than anybody wants. */
    static class Orders {

        private final AtomicInteger given = new AtomicInteger();

        @RootSource(name = "orders", sort = "id")
        Flux<Order> orders(Keyset at, int limit) {
            int after = at.isStart() ? 0 : at.get(0, Integer.class);
            return Flux.range(after + 1, Integer.MAX_VALUE - after)
                    .map(id -> new Order(id, id + 6))
                    .doOnNext(order -> given.incrementAndGet());
        }
    }

    @ComposedView(root = "orders", budget = "4s") // the first request of a client takes a while
    record Row(
            @Root Order order,

            @One(source = "blocking", key = "order.customerId")
            Part<Customer> blocking,

            @One(source = "mono", key = "order.customerId") Part<Customer> mono,

            @One(source = "flux", key = "order.customerId") Part<Customer> flux,

            @One(source = "single", key = "order.customerId")
            Part<Customer> single,

            @Many(source = "several", key = "order.customerId")
            Part<List<Customer>> several) {

        Stream<Part<?>> parts() {
            return Stream.of(blocking, mono, flux, single, several);
        }
    }

    private static final List<String> SOURCES = List.of("blocking", "mono", "flux", "single", "several");

    @ComposedView(root = "orders", budget = "60s")
    record FluxRow(
            @Root Order order,

            @One(source = "flux", key = "order.customerId") Part<Customer> customer) {}

    private final Orders orders = new Orders();
    private final AtomicInteger connections = new AtomicInteger();

    private Compositions compositions(String url) {
        return compositions(WebClient.builder().baseUrl(url));
    }

    private Compositions compositions(WebClient.Builder client) {
        CustomerApi customers = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(client.build()))
                .build()
                .createClient(CustomerApi.class);
        return Compositions.builder()
                .sources(orders, customers)
                .views(Row.class, FluxRow.class)
                .build();
    }

    private DisposableServer server(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        return HttpServer.create()
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(0)
                .doOnConnection(connection -> {
                    connections.incrementAndGet();
                    connection.onDispose(connections::decrementAndGet);
                })
                .handle(handler)
                .bindNow();
    }

    private static String url(DisposableServer server) {
        return "http://localhost:" + server.port();
    }

    /** Customers with the ids in the body or the path; 8 is not there. */
    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty(request.path())
                .flatMap(asked -> {
                    List<String> rows = Stream.of(asked.split("\\D+"))
                            .filter(id -> !id.isEmpty() && !id.equals("8"))
                            .map(id -> "{\"id\": %s, \"name\": \"customer %s\"}".formatted(id, id))
                            .toList();
                    boolean one = request.path().matches("customers/\\d+");
                    return one && rows.isEmpty()
                            ? response.sendNotFound().then()
                            : json(response, one ? rows.get(0) : rows.toString());
                });
    }

    private static Mono<Void> json(HttpServerResponse response, String text) {
        return response.header("Content-Type", "application/json")
                .sendString(Mono.just(text))
                .then();
    }

    private static Page<Row> page(Compositions compositions) {
        return compositions.view(Row.class).page(null, Keyset.start(), 2);
    }

    private static void assertThatAllAre(Cause cause, Page<Row> page) {
        assertThat(page.missing()).extracting(Page.Missing::source).containsExactlyInAnyOrderElementsOf(SOURCES);
        assertThat(page.missing()).extracting(Page.Missing::cause).containsOnly(cause);
    }

    @Test
    void areJoinedInWhateverTheyCome() {
        DisposableServer server = server(WebClientSourceTests::answer);
        try (Compositions compositions = compositions(url(server))) {
            List<Row> rows = page(compositions).rows();

            Customer seven = new Customer(7, "customer 7");
            assertThat(rows.get(0).parts())
                    .extracting(part -> (Object) part.optional().orElseThrow())
                    .containsExactly(seven, seven, seven, seven, List.of(seven));
            assertThat(rows.get(1).parts().limit(4)).containsOnly(new Part.Absent<>(8L));
            assertThat(rows.get(1).several().optional()).contains(List.of());
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void areAskedForNoMoreRootsThanThePageHasAndOne() {
        DisposableServer server = server(WebClientSourceTests::answer);
        try (Compositions compositions = compositions(url(server))) {
            Page<FluxRow> page = compositions.view(FluxRow.class).page(null, Keyset.after(5L), 3);

            assertThat(page.rows()).extracting(row -> row.order().id()).containsExactly(6L, 7L, 8L);
            assertThat(page.next()).isEqualTo(Keyset.after(8L));
            assertThat(orders.given).hasValue(4);
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void sayThatTheServiceFailedAndWhenToComeBack() {
        DisposableServer server = server((request, response) ->
                response.status(503).header("Retry-After", "7").send());
        try (Compositions compositions = compositions(url(server))) {
            Page<Row> page = page(compositions);

            assertThatAllAre(Cause.SERVER_ERROR, page);
            assertThat(page.missing()).extracting(Page.Missing::retryAfter).containsOnly(Duration.ofSeconds(7));
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void sayThatTheAnswerCannotBeRead() {
        DisposableServer server = server((request, response) -> json(response, "[{\"id\": \"se"));
        try (Compositions compositions = compositions(url(server))) {
            assertThatAllAre(Cause.UNREADABLE, page(compositions));
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void sayThatTheConnectionBrokeMidway() {
        DisposableServer server = server((request, response) -> response.header("Content-Type", "application/json")
                .sendString(Flux.just("[{\"id\": 7,").concatWith(Flux.error(new IOException("broken")))));
        try (Compositions compositions = compositions(url(server))) {
            assertThatAllAre(Cause.CONNECTION, page(compositions));
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void sayThatNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Compositions compositions = compositions("http://localhost:" + port)) {
            assertThatAllAre(Cause.CONNECTION, page(compositions));
        }
    }

    @Test
    void sayThatTheClientsOwnTimeIsOver() throws IOException {
        HttpClient impatient = HttpClient.create().responseTimeout(Duration.ofMillis(100));
        try (SilentServer server = new SilentServer();
                Compositions compositions = compositions(WebClient.builder()
                        .baseUrl(server.url())
                        .clientConnector(new ReactorClientHttpConnector(impatient)))) {
            Page<Row> page = page(compositions);

            assertThatAllAre(Cause.TIMEOUT, page);
        }
    }

    @Test
    void leaveNeitherSocketsNorPermitsBehindWhenTheBudgetIsOver() throws IOException {
        try (SilentServer server = new SilentServer();
                Compositions compositions = compositions(server.url())) {
            Page<Row> page = page(compositions);

            assertThatAllAre(Cause.TIMEOUT, page);
            assertThat(server.requests()).isEqualTo(7);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(compositions.callsInFlight().values()).containsOnly(0);
                assertThat(server.open()).isZero();
            });
        }
    }

    @Test
    void leaveAnAnswerWithoutEndOnceItIsTooLarge() {
        DisposableServer server = server((request, response) -> response.header("Content-Type", "application/x-ndjson")
                .sendString(Flux.range(1, Integer.MAX_VALUE).map("{\"id\": %d}\n"::formatted)));
        try (Compositions compositions = compositions(url(server))) {
            Page<FluxRow> page = compositions.view(FluxRow.class).page(null, Keyset.start(), 2);

            assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TOO_LARGE);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(connections).hasValue(0));
        } finally {
            server.disposeNow();
        }
    }
}
