package dev.freehold.composition.graphql;

import static java.util.stream.Collectors.toMap;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Lookup;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import graphql.GraphQL;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.dataloader.DataLoader;
import org.dataloader.Try;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.OncePerRequestFilter;

/** Orders, whose customers, addresses, shipments and prices other services know. */
@SpringBootApplication
class GraphQlShop {

    static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    record Order(long id, long customerId) {}

    record Customer(long id, String name, long addressId) {}

    record Address(long id, String city) {}

    record Shipment(long id, long orderId) {}

    record Price(long orderId, int cents) {}

    @ComposedView(root = "firstOrders")
    record RequiredRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Customer customer) {}

    /** Tests say what happens when a source is asked. */
    @Component
    static class Sources {

        final Queue<String> calls = new ConcurrentLinkedQueue<>();
        final Map<String, String> seen = new ConcurrentHashMap<>();
        volatile BiConsumer<String, Set<Long>> whenAsked = (source, keys) -> {};

        void reset() {
            calls.clear();
            seen.clear();
            whenAsked = (source, keys) -> {};
        }

        private void ask(String source, Set<Long> keys) {
            calls.add(source);
            String request = RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes web
                    ? web.getRequest().getRequestURI()
                    : "no request";
            seen.put(
                    source,
                    MDC.get("trace") + " " + LocaleContextHolder.getLocale() + " " + TENANT.get() + " " + request);
            whenAsked.accept(source, keys);
        }

        @RootSource(name = "firstOrders", sort = "id")
        List<Order> firstOrders(Keyset at, int limit) {
            return orders(2);
        }

        @Source(name = "customers", id = "id", maxBatch = 10)
        List<Customer> customers(Set<Long> ids) {
            ask("customers", ids);
            return ids.stream()
                    .filter(id -> id < 1000)
                    .map(id -> new Customer(id, "customer " + id, id % 3))
                    .toList();
        }

        @Source(name = "addresses", id = "id")
        List<Address> addresses(Set<Long> ids) {
            ask("addresses", ids);
            return ids.stream().map(id -> new Address(id, "city " + id)).toList();
        }

        @Source(name = "shipments", groupBy = "orderId")
        List<Shipment> shipments(Set<Long> orders) {
            ask("shipments", orders);
            return orders.stream()
                    .filter(order -> order % 2 == 0)
                    .flatMap(order -> LongStream.of(1, 2).mapToObj(n -> new Shipment(order * 10 + n, order)))
                    .toList();
        }

        @Source(
                name = "prices",
                id = "orderId",
                cache = "prices",
                freshFor = "1ms",
                staleFor = "1h",
                forEverybody = true)
        List<Price> prices(Set<Long> orders) {
            ask("prices", orders);
            return orders.stream().map(order -> new Price(order, 100)).toList();
        }
    }

    static List<Order> orders(int size) {
        return LongStream.rangeClosed(1, size)
                .mapToObj(id -> new Order(id, id % 7 == 0 ? 1000 + id : id % 10))
                .toList();
    }

    @Controller
    static class Orders {

        private final Lookup<Long, Customer> payers;
        private final View<RequiredRow, Void> rows;

        Orders(Compositions compositions) {
            payers = compositions.lookup("customers", Long.class, Customer.class);
            rows = compositions.view(RequiredRow.class);
        }

        @QueryMapping
        List<Order> orders(@Argument int size) {
            return GraphQlShop.orders(size);
        }

        /** There when the thread of the request has gone: the engine goes on with this one. */
        @QueryMapping
        Callable<List<Order>> ordersFromAnotherThread(@Argument int size) {
            CountDownLatch gone = (CountDownLatch) Objects.requireNonNull(
                    RequestContextHolder.currentRequestAttributes().getAttribute(Visitors.GONE, 0));
            return () -> {
                gone.await();
                return GraphQlShop.orders(size);
            };
        }

        @QueryMapping
        List<Long> required() {
            return rows.page(null, Keyset.start(), 10).rows().stream()
                    .map(row -> row.customer().id())
                    .toList();
        }

        @QueryMapping
        List<Long> from(@Argument String keyset) {
            return rows.page(null, Keyset.parse(keyset), 10).rows().stream()
                    .map(row -> row.order().id())
                    .toList();
        }

        @SchemaMapping
        CompletableFuture<Customer> customer(Order order, DataLoader<Long, Customer> customers) {
            return customers.load(order.customerId());
        }

        @SchemaMapping
        CompletableFuture<List<Shipment>> shipments(Order order, DataLoader<Long, List<Shipment>> shipments) {
            return shipments.load(order.id());
        }

        @SchemaMapping
        CompletableFuture<Address> address(Customer customer, DataLoader<Long, Address> addresses) {
            return addresses.load(customer.addressId());
        }

        @SchemaMapping
        CompletableFuture<Price> price(Order order, DataLoader<Long, Price> prices) {
            return prices.load(order.id());
        }

        /** Two loads, one after the other, in one field. */
        @SchemaMapping
        CompletableFuture<@Nullable Address> address(
                Order order, DataLoader<Long, @Nullable Customer> customers, DataLoader<Long, Address> addresses) {
            return customers
                    .load(order.customerId())
                    .thenCompose(customer -> customer == null
                            ? CompletableFuture.completedFuture(null)
                            : addresses.load(customer.addressId()));
        }

        @BatchMapping
        Map<Order, Try<Customer>> payer(List<Order> orders) {
            Map<Long, Part<Customer>> found =
                    payers.find(orders.stream().map(Order::customerId).toList());
            return orders.stream().collect(toMap(order -> order, order -> Tries.of(found.get(order.customerId()))));
        }

        /** A mistake: the keys are numbers. Every other order makes it. */
        @SchemaMapping
        @SuppressWarnings({"unchecked", "rawtypes"})
        CompletableFuture<Customer> stranger(Order order, DataLoader customers) {
            return customers.load(order.id() % 2 == 0 ? "customer" : (Object) order.customerId());
        }
    }

    @Bean
    CacheManager caches() {
        return new ConcurrentMapCacheManager("prices");
    }

    /** For loads one after the other in one field. */
    @Bean
    WebGraphQlInterceptor chainedLoads() {
        return (request, chain) -> {
            if (request.getHeaders().containsHeader("X-Chained")) {
                request.configureExecutionInput((input, builder) -> {
                    GraphQL.unusualConfiguration(input.getGraphQLContext())
                            .dataloaderConfig()
                            .enableDataLoaderChaining(true);
                    return input;
                });
            }
            return chain.next(request);
        };
    }

    /** What a service knows of who asks. */
    @Component
    static class Visitors extends OncePerRequestFilter {

        static final String GONE = "gone";

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            MDC.put("trace", String.valueOf(request.getHeader("X-Trace")));
            TENANT.set(String.valueOf(request.getHeader("X-Tenant")));
            CountDownLatch gone = new CountDownLatch(1);
            request.setAttribute(GONE, gone);
            try {
                chain.doFilter(request, response);
            } finally {
                MDC.remove("trace");
                TENANT.remove();
                gone.countDown();
            }
        }
    }
}
