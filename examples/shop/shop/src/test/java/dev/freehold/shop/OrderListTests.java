package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.Line;
import dev.freehold.shop.ShopClient.Missing;
import dev.freehold.shop.ShopClient.Name;
import dev.freehold.shop.ShopClient.OrderList;
import dev.freehold.shop.ShopClient.Part;
import dev.freehold.shop.ShopClient.Product;
import dev.freehold.shop.ShopClient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order list, which order-service composes of its own orders and two other services' answers over HTTP. */
class OrderListTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The budget is a second; the rest is for slow machines. */
    private static final Duration BUDGET = Duration.ofSeconds(6);

    private static Shop shop;
    private static ShopClient client;

    @BeforeAll
    static void start() {
        shop = Shop.start(0, 0, 0, () -> {});
        client = new ShopClient(shop.orders().uri(), shop.customers().uri());
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static Customer customerWithAnOrder(String name) {
        Customer customer = client.addCustomer(name, new BigDecimal("500.00"));
        client.placeOrder(customer.id(), new BigDecimal("120.00"), new Line("tea", 2), new Line("unknown", 1));
        awaitWhole(customer);
        return customer;
    }

    /** Everything is known, the shipment, too. */
    private static void awaitWhole(Customer customer) {
        await().atMost(LIMIT).untilAsserted(() -> {
            OrderList list = client.orders(customer.id());
            assertThat(list.complete()).isTrue();
            assertThat(list.missing()).isEmpty();
            Row row = list.rows().get(0);
            assertThat(row.customer())
                    .isEqualTo(new Part<>("found", new Name(customer.id(), customer.name(), 1), false));
            assertThat(row.products())
                    .containsExactly(
                            new Part<>("found", new Product("tea", "Green tea", 400), false),
                            new Part<>("absent", null, null));
            assertThat(row.shipments().optional().orElseThrow()).hasSize(1);
        });
    }

    private static OrderList withinTheBudget(Customer customer) {
        long begun = System.nanoTime();
        OrderList list = client.orders(customer.id());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BUDGET);
        assertThat(list.rows()).hasSize(1);
        return list;
    }

    @Test
    void showsWhatAllServicesKnow() {
        Customer ada = customerWithAnOrder("Ada");

        assertThat(client.orders(ada.id()).rows().get(0).order().lines())
                .containsExactly(new Line("tea", 2), new Line("unknown", 1));
    }

    @Test
    void isFilteredByWhatOnlyTheCustomerServiceKnows() {
        Customer grace = client.addCustomer("Grace_ H", new BigDecimal("500.00"));
        Customer graca = client.addCustomer("GraceX H", new BigDecimal("500.00"));
        UUID of = client.placeOrder(grace.id(), new BigDecimal("1.00")).id();
        UUID other = client.placeOrder(graca.id(), new BigDecimal("1.00")).id();

        assertThat(client.ordersOfCustomersNamed("grace").rows())
                .extracting(row -> row.order().id())
                .startsWith(other, of);
        assertThat(client.ordersOfCustomersNamed("Grace_").rows())
                .extracting(row -> row.order().id())
                .containsExactly(of);
        assertThat(client.ordersOfCustomersNamed("nobody").rows()).isEmpty();
    }

    @Test
    void goesOnWhereThePageEnded() throws Exception {
        Customer edsger = client.addCustomer("Edsger", new BigDecimal("500.00"));
        IntStream.range(0, 60).forEach(i -> client.placeOrder(edsger.id(), new BigDecimal("0.01")));

        HttpClient http = HttpClient.newHttpClient();
        URI orders = shop.orders().uri().resolve("/orders?customerId=" + edsger.id());
        String first = body(http, orders);
        String next = first.replaceFirst("(?s).*\"next\":\"([^\"]+)\".*", "$1");
        String second = body(http, URI.create(orders + "&at=" + next));

        assertThat(count(first)).isEqualTo(50);
        assertThat(count(second)).isEqualTo(10);
        assertThat(second).contains("\"next\":null");
    }

    private static long count(String page) {
        return page.split("\"placedAt\"", -1).length - 1L;
    }

    private static String body(HttpClient http, URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void saysThatAServiceIsStoppedAndIsWholeWhenItIsBack() {
        Customer grace = customerWithAnOrder("Grace");

        shop.withoutInventory(() -> {
            for (int i = 0; i < 30; i++) { // often enough for the breakers to open
                OrderList list = withinTheBudget(grace);

                assertThat(list.complete()).isFalse();
                assertThat(list.missing()).extracting(Missing::component).contains("shipments");
                assertThat(list.missing()).extracting(Missing::source).isSubsetOf("shipments", "products");
                assertThat(list.missing()).extracting(Missing::cause).isSubsetOf("CONNECTION", "BREAKER_OPEN");
                Row row = list.rows().get(0);
                assertThat(row.customer().optional()).contains(new Name(grace.id(), grace.name(), 1));
                assertThat(row.products().get(0).optional())
                        .as("in the cache")
                        .contains(new Product("tea", "Green tea", 400));
            }
            assertThat(withinTheBudget(grace).missing())
                    .filteredOn(missing -> missing.component().equals("shipments"))
                    .extracting(Missing::cause)
                    .containsOnly("BREAKER_OPEN");
        });

        awaitWhole(grace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Welcome to the wrong server</html>",
                "{\"rows\": 7}",
                "[{\"sku\": \"tea\", \"na",
                "[{\"sku\": \"milk\", \"name\": \"Oat milk\", \"stock\": 7, \"orderId\": "
                        + "\"6a29d8b4-8a1f-4f0c-9d36-1fcd0ec8b4b3\", \"number\": 1, \"sentAt\": \"2026-01-01T00:00:00Z\"}]"
            })
    void saysThatAServiceAnswersGarbageAndIsWholeWhenItIsRight(String garbage) {
        Customer barbara = customerWithAnOrder("Barbara");
        int port = shop.inventory().port();

        shop.withoutInventory(() -> {
            try (Impostor impostor = new Impostor(port, garbage, new CountDownLatch(0))) {
                OrderList list = withinTheBudget(barbara);

                assertThat(list.complete()).isFalse();
                assertThat(list.missing())
                        .extracting(Missing::cause)
                        .isSubsetOf("UNREADABLE", "UNKNOWN_KEY", "BREAKER_OPEN")
                        .isNotEmpty();
                assertThat(list.rows().get(0).customer().state()).isEqualTo("found");
                assertThat(list.rows().get(0).shipments().state()).isEqualTo("unavailable");
            }
        });

        awaitWhole(barbara);
    }

    @Test
    void saysThatAServiceIsSlowAndIsWholeWhenItIsQuick() {
        Customer frances = customerWithAnOrder("Frances");
        int port = shop.inventory().port();
        CountDownLatch never = new CountDownLatch(1);

        shop.withoutInventory(() -> {
            try (Impostor impostor = new Impostor(port, "[]", never)) {
                OrderList list = withinTheBudget(frances);

                assertThat(list.missing()).extracting(Missing::cause).containsOnly("TIMEOUT");
                assertThat(list.rows().get(0).customer().state()).isEqualTo("found");
            } finally {
                never.countDown();
            }
        });

        awaitWhole(frances);
    }

    /** Listens where a service was, and answers as it would not. */
    private static final class Impostor implements AutoCloseable {

        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();

        private Impostor(int port, String answer, CountDownLatch when) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            } catch (IOException busy) {
                throw new UncheckedIOException(busy);
            }
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    when.await();
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
