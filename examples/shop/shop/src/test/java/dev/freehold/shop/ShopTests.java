package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freehold.servers.Database;
import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.CustomerOrder;
import dev.freehold.shop.ShopClient.Order;
import dev.freehold.shop.ShopClient.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@ExtendWith(OutputCaptureExtension.class)
class ShopTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final BigDecimal CREDIT = new BigDecimal("500.00");

    private static Shop shop;
    private static ShopClient client;
    private static int busyPort;
    private static String saidAtStart;

    /** On free ports, but for the order service, whose preferred port is busy. */
    @BeforeAll
    static void start(CapturedOutput output) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            busyPort = other.getLocalPort();
            shop = Shop.start(busyPort, 0, 0, () -> {});
        }
        saidAtStart = output.getOut();
        client = new ShopClient(shop.orders().uri(), shop.customers().uri());
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    @Test
    void takesAFreePortForABusyOneAndSaysSo() {
        assertThat(shop.orders().port()).isNotEqualTo(busyPort);
        assertThat(saidAtStart)
                .contains("Port %d is busy, so order-service listens on %d."
                        .formatted(busyPort, shop.orders().port()))
                .doesNotContain("customer-service listens");
    }

    @Test
    void approvesAnOrderWithinTheCredit() {
        Customer customer = client.addCustomer("Ada", CREDIT);
        Order order = placeAndSettle(customer.id(), "120.00");
        assertThat(order.status()).isEqualTo("APPROVED");
        assertThat(order.reason()).isNull();
        assertThat(order.settledAt()).isAfterOrEqualTo(order.placedAt());
        assertThat(client.customer(customer.id()).reserved()).isEqualByComparingTo("120.00");
        assertThat(client.orders(customer.id()).rows()).extracting(Row::order).containsExactly(order);
    }

    @Test
    void rejectsAnOrderOverTheCreditThatIsLeft() {
        Customer customer = client.addCustomer("Grace", CREDIT);
        placeAndSettle(customer.id(), "120.00");
        Order order = placeAndSettle(customer.id(), "380.01");
        assertThat(order.status()).isEqualTo("REJECTED");
        assertThat(order.reason()).isEqualTo("the order is over the credit that is left, 380.00");
        assertThat(client.customer(customer.id()).reserved()).isEqualByComparingTo("120.00");
    }

    @Test
    void rejectsAnOrderOfAnUnknownCustomer() {
        Order order = placeAndSettle(987_654, "1.00");
        assertThat(order.status()).isEqualTo("REJECTED");
        assertThat(order.reason()).isEqualTo("there is no customer 987654");
        awaitCopies(order, 1);
    }

    @Test
    void showsACustomersOrdersByWhatTheOrderServicePublishes() {
        Customer customer = client.addCustomer("Niklaus", CREDIT);
        assertThat(customer.orders()).isEmpty();
        Order approved = placeAndSettle(customer.id(), "120.00");
        Order rejected = placeAndSettle(customer.id(), "380.01");
        List<CustomerOrder> newestFirst = List.of(
                new CustomerOrder(rejected.id(), rejected.total(), "REJECTED"),
                new CustomerOrder(approved.id(), approved.total(), "APPROVED"));
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(client.customer(customer.id()).orders()).isEqualTo(newestFirst));
    }

    @Test
    void anOldStateComesToNothingAndATombstoneRemovesTheCopy() throws Exception {
        Customer customer = client.addCustomer("Frances", CREDIT);
        Order order = placeAndSettle(customer.id(), "120.00");
        Redelivery redelivery = new Redelivery(shop.bootstrapServers());
        await().atMost(LIMIT)
                .until(() -> redelivery.find("order-states", order.id()).size() == 2);
        redelivery.repeatAsNew("order-states", order.id());
        redelivery.awaitRead("customer-orders", "order-states");
        assertThat(client.customer(customer.id()).orders())
                .containsExactly(new CustomerOrder(order.id(), order.total(), "APPROVED"));

        redelivery.bury("order-states", order.id());
        awaitCopies(order, 0);
    }

    @Test
    void givesNoMoreCreditThanThereIsToManyOrdersAtOnce() {
        Customer customer = client.addCustomer("Edsger", CREDIT);
        List<Order> placed = IntStream.range(0, 20)
                .parallel()
                .mapToObj(i -> client.placeOrder(customer.id(), new BigDecimal("50.00")))
                .toList();
        List<Order> settled = placed.stream().map(ShopTests::settle).toList();
        assertThat(settled)
                .filteredOn(order -> order.status().equals("APPROVED"))
                .hasSize(10);
        assertThat(client.customer(customer.id()).reserved()).isEqualByComparingTo(CREDIT);
    }

    @Test
    void redeliveredMessagesHaveOneEffect() throws Exception {
        Customer customer = client.addCustomer("Barbara", CREDIT);
        Order order = placeAndSettle(customer.id(), "120.00");
        Redelivery redelivery = new Redelivery(shop.bootstrapServers());
        redelivery.repeat("orders", order.id(), 5);
        redelivery.awaitRead("customer-service", "orders");
        redelivery.repeat("customers", order.id(), 5);
        redelivery.awaitRead("order-service", "customers");

        assertThat(client.customer(customer.id()).reserved()).isEqualByComparingTo("120.00");
        assertThat(count(shop.customers(), "SELECT count(*) FROM outbox_event WHERE aggregateid = ?", order.id()))
                .isEqualTo(1);
        assertThat(client.order(order.id())).isEqualTo(order);
        assertThat(count(shop.customers(), "SELECT count(*) FROM inbox_parked WHERE key = ?", order.id()))
                .isZero();
        assertThat(count(shop.orders(), "SELECT count(*) FROM inbox_parked WHERE key = ?", order.id()))
                .isZero();
    }

    @Test
    void tellsEveryStepOfAnOrder() {
        Customer customer = client.addCustomer("Alan", CREDIT);
        Order order = placeAndSettle(customer.id(), "120.00");
        assertThat(Account.of(shop).of(order))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("order-service", "stores the order as PENDING and orders.order-placed"),
                        line -> assertThat(line).contains("relay", "topic orders"),
                        line -> assertThat(line)
                                .contains("customer-service", "reserves the credit", "customers.credit-reserved"),
                        line -> assertThat(line).contains("relay", "topic customers"),
                        line -> assertThat(line).contains("order-service", "sets the order to APPROVED"));
    }

    @ParameterizedTest
    @CsvSource({"orders, customers", "orders, postgres", "orders, template1", "customers, orders", "customers, postgres"
    })
    void aRoleCannotReachAnotherDatabase(String own, String other) throws SQLException {
        Database database = own.equals("orders")
                ? shop.orders().database()
                : shop.customers().database();
        String url = database.url().replaceFirst("/[^/]*$", "/" + other);
        DriverManager.getConnection(database.url(), database.user(), database.password())
                .close();
        assertThatThrownBy(() -> DriverManager.getConnection(url, database.user(), database.password()))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"))
                .hasMessageContaining("permission denied for database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer_service", "postgres"})
    void aRoleCannotPassForAnother(String other) {
        Database database = shop.orders().database();
        assertThatThrownBy(() -> DriverManager.getConnection(database.url(), other, database.password()))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void refusesAWrongOrderAndSaysWhatIsWrong() throws Exception {
        HttpResponse<String> answer = post("{\"customerId\": 0, \"total\": 1.234}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("\"customerId\":\"must be greater than 0\"")
                .contains("\"total\":\"numeric value out of bounds");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThat(post("{}").body())
                .contains("\"customerId\":\"must not be null\"")
                .contains("\"total\":\"must not be null\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"customerId\": 1}", "{\"customerId\": 1, \"total\": \"much\"}", "{", ""})
    void refusesWhatIsNoOrder(String body) throws Exception {
        HttpResponse<String> answer = post(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void refusesACreditLimitBelowWhatIsReserved() throws Exception {
        Customer customer = client.addCustomer("Donald", CREDIT);
        placeAndSettle(customer.id(), "120.00");
        URI creditLimit = shop.customers().uri().resolve("/customers/%d/credit-limit".formatted(customer.id()));
        assertThat(send(json(creditLimit, "PUT", "{\"creditLimit\": 119.99}")).statusCode())
                .isEqualTo(409);
        assertThat(send(json(creditLimit, "PUT", "{}")).statusCode()).isEqualTo(400);
        assertThat(send(json(creditLimit, "PUT", "{\"creditLimit\": 120.00}")).statusCode())
                .isEqualTo(200);
        assertThat(client.customer(customer.id()).creditLimit()).isEqualByComparingTo("120.00");
    }

    @Test
    void knowsNoOtherOrdersAndCustomers() throws Exception {
        for (URI unknown : List.of(
                shop.orders().uri().resolve("/orders/" + UUID.randomUUID()),
                shop.customers().uri().resolve("/customers/987654"))) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(unknown).build());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("There is no ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "customers", "inventory"})
    void migrationsHoldThePresentOutboxSchema(String service) throws IOException {
        assertThat(text("db/" + service + "/V1__outbox.sql"))
                .isEqualTo(text("dev/freehold/outbox/schema-postgresql.sql"));
    }

    private static Order placeAndSettle(long customer, String total) {
        return settle(client.placeOrder(customer, new BigDecimal(total)));
    }

    private static Order settle(Order placed) {
        return await().atMost(LIMIT).until(() -> client.order(placed.id()), Order::isSettled);
    }

    private static void awaitCopies(Order order, long copies) {
        String sql = "SELECT count(*) FROM customer_order WHERE order_id = CAST(? AS uuid)";
        await().atMost(LIMIT).until(() -> count(shop.customers(), sql, order.id()) == copies);
    }

    private static long count(RunningService service, String sql, UUID order) {
        Database database = service.database();
        return JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), database.password()))
                .sql(sql)
                .param(order.toString())
                .query(Long.class)
                .single();
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return send(json(shop.orders().uri().resolve("/orders"), "POST", body));
    }

    private static HttpRequest json(URI resource, String method, String body) {
        return HttpRequest.newBuilder(resource)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String text(String resource) throws IOException {
        return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
    }
}
