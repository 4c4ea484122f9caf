package dev.freehold.shop;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

/** Uses the shop over HTTP, as anybody would. */
final class ShopClient {

    private static final String TOKEN = "X-Consistency-Token";

    private final RestClient orders;
    private final RestClient customers;

    ShopClient(URI orderService, URI customerService) {
        this.orders = RestClient.create(orderService);
        this.customers = RestClient.create(customerService);
    }

    Customer addCustomer(String name, BigDecimal creditLimit) {
        return post(customers, "/customers", new NewCustomer(name, creditLimit), Customer.class);
    }

    Customer customer(long id) {
        return get(customers, "/customers/" + id, Customer.class);
    }

    Order placeOrder(long customerId, BigDecimal total, Line... lines) {
        return post(orders, "/orders", new NewOrder(customerId, total, List.of(lines)), Order.class);
    }

    /** The same, with what to show to other services so that they have heard of it. */
    Placed placeOrderForToken(long customerId, BigDecimal total) {
        ResponseEntity<Order> placed = orders.post()
                .uri("/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .body(new NewOrder(customerId, total, List.of()))
                .retrieve()
                .toEntity(Order.class);
        return new Placed(
                Objects.requireNonNull(placed.getBody()),
                Objects.requireNonNull(placed.getHeaders().getFirst(TOKEN)));
    }

    Order order(UUID id) {
        return get(orders, "/orders/" + id, Order.class);
    }

    /** A customer's orders, the newest first, with what other services know of them. */
    OrderList orders(long customerId) {
        return get(orders, "/orders?customerId=" + customerId, OrderList.class);
    }

    /** As somebody sees it who has written what the token stands for. */
    OrderList orders(long customerId, String token) {
        return get(orders, "/orders?customerId=" + customerId, token, OrderList.class);
    }

    /** As somebody sees it who has written what the token stands for. */
    Customer customer(long id, String token) {
        return get(customers, "/customers/" + id, token, Customer.class);
    }

    /** The orders of customers whose name begins like that, the newest first. */
    OrderList ordersOfCustomersNamed(String beginning) {
        return Objects.requireNonNull(orders.get()
                .uri("/orders?customerName={beginning}", beginning)
                .retrieve()
                .body(OrderList.class));
    }

    private static <T> T post(RestClient service, String path, Object request, Class<T> answer) {
        return Objects.requireNonNull(service.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(request)
                .retrieve()
                .body(answer));
    }

    private static <T> T get(RestClient service, String path, Class<T> answer) {
        return Objects.requireNonNull(service.get().uri(path).retrieve().body(answer));
    }

    private static <T> T get(RestClient service, String path, String token, Class<T> answer) {
        return Objects.requireNonNull(
                service.get().uri(path).header(TOKEN, token).retrieve().body(answer));
    }

    private record NewCustomer(String name, BigDecimal creditLimit) {}

    record Customer(
            long id, String name, @Nullable BigDecimal creditLimit, BigDecimal reserved, List<CustomerOrder> orders) {}

    record CustomerOrder(UUID orderId, BigDecimal total, String status) {

        boolean isSettled() {
            return !status.equals("PENDING");
        }
    }

    /** An order, and the token of its transaction's events. */
    record Placed(Order order, String token) {}

    private record NewOrder(long customerId, BigDecimal total, List<Line> lines) {}

    record Line(String sku, int quantity) {}

    record OrderList(List<Row> rows, boolean complete, boolean stale, List<Missing> missing) {}

    record Row(Order order, Part<Name> customer, List<Part<Product>> products, Part<List<Shipment>> shipments) {}

    record Missing(String component, String source, String cause, int rows) {}

    /** What another service answered: its state is found, absent or unavailable; stale if it may have changed since. */
    record Part<T>(
            String state, @Nullable T value, @Nullable Boolean stale) {

        boolean isStale() {
            return Boolean.TRUE.equals(stale);
        }

        Optional<T> optional() {
            return Optional.ofNullable(value);
        }
    }

    /** Of how many orders the customer service has heard. */
    record Name(long id, String name, int orders) {}

    record Product(String sku, String name, int stock) {}

    record Shipment(long number, UUID orderId, Instant sentAt) {}

    record Order(
            UUID id,
            long customerId,
            BigDecimal total,
            String status,
            @Nullable String reason,
            Instant placedAt,
            @Nullable Instant settledAt,
            List<Line> lines) {

        boolean isSettled() {
            return !status.equals("PENDING");
        }
    }
}
