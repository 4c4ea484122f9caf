package dev.freehold.benchmark.composition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Distinct keys, a future for each source, and hash joins: what is written without a library. */
final class HandWrittenContestant implements Contestant {

    private final Services services;
    private final Rules rules;
    private final ExecutorService threads;
    private final Semaphore fewCalls = new Semaphore(Rules.FEW_CALLS);
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Calls the services on these threads, and closes them. */
    HandWrittenContestant(Services services, Rules rules, ExecutorService threads) {
        this.services = services;
        this.rules = rules;
        this.threads = threads;
    }

    @Override
    public List<? extends Row> join(List<Order> orders) {
        Map<Long, Customer> customers = Lookup.byKey(services.customers(Lookup.customerIds(orders)), Customer::id);
        Map<Long, List<Shipment>> shipments =
                Lookup.grouped(services.shipments(Lookup.orderIds(orders)), Shipment::orderId);
        Map<String, Product> products = Lookup.byKey(services.products(Lookup.skus(orders)), Product::sku);
        List<Row> rows = new ArrayList<>(orders.size());
        for (Order order : orders) {
            rows.add(new PlainRow.Joined(
                    order,
                    customers.get(order.customerId()),
                    shipments.getOrDefault(order.id(), List.of()),
                    Lookup.products(order, products)));
        }
        return rows;
    }

    @Override
    public List<? extends Row> page(List<Order> orders) {
        CompletableFuture<List<Customer>> asked = ask(() -> services.customers(Lookup.customerIds(orders)));
        CompletableFuture<List<Address>> askedNext =
                asked.thenCompose(customers -> ask(() -> services.addresses(Lookup.addressIds(customers))));
        CompletableFuture<Map<Long, Customer>> customers =
                inTime(asked.thenApply(rows -> Lookup.byKey(rows, Customer::id)));
        CompletableFuture<Map<Long, Address>> addresses =
                inTime(askedNext.thenApply(rows -> Lookup.byKey(rows, Address::id)));
        CompletableFuture<Map<Long, List<Shipment>>> shipments =
                inTime(ask(() -> Lookup.grouped(services.shipments(Lookup.orderIds(orders)), Shipment::orderId)));
        CompletableFuture<Map<String, Product>> products =
                inTime(ask(() -> Lookup.byKey(services.products(Lookup.skus(orders)), Product::sku)));
        return rows(orders, new Tables(customers.join(), addresses.join(), shipments.join(), products.join()));
    }

    private static List<Row> rows(List<Order> orders, Tables tables) {
        List<Row> rows = new ArrayList<>(orders.size());
        for (Order order : orders) {
            Customer customer = tables.customers().get(order.customerId());
            rows.add(new PlainRow.Addressed(
                    order,
                    customer,
                    customer == null ? null : tables.addresses().get(customer.addressId()),
                    tables.shipments().getOrDefault(order.id(), List.of()),
                    Lookup.products(order, tables.products())));
        }
        return rows;
    }

    @Override
    public List<? extends Row> customersInBatches(List<Order> orders) {
        List<CompletableFuture<List<Customer>>> calls = new ArrayList<>();
        for (List<Long> batch : Lookup.batches(Lookup.customerIds(orders), Rules.FEW)) {
            calls.add(ask(() -> limited(() -> services.customers(batch))));
        }
        Map<Long, Customer> customers = new HashMap<>();
        for (CompletableFuture<List<Customer>> call : calls) {
            customers.putAll(Lookup.byKey(call.join(), Customer::id));
        }
        List<Row> rows = new ArrayList<>(orders.size());
        for (Order order : orders) {
            rows.add(new PlainRow.OfCustomer(order, customers.get(order.customerId())));
        }
        return rows;
    }

    private <T> T limited(Supplier<T> call) {
        fewCalls.acquireUninterruptibly();
        try {
            return call.get();
        } finally {
            fewCalls.release();
        }
    }

    private <T> CompletableFuture<T> ask(Supplier<T> call) {
        return CompletableFuture.supplyAsync(() -> counted(call), threads);
    }

    private <T> T counted(Supplier<T> call) {
        inFlight.incrementAndGet();
        try {
            return attempted(call);
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private <T> T attempted(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (RuntimeException failure) {
                if (attempt == rules.attempts()) {
                    throw failure;
                }
            }
        }
    }

    /** A source that fails or is late has no rows; the page does not say which of the two. */
    private <K, V> CompletableFuture<Map<K, V>> inTime(CompletableFuture<Map<K, V>> table) {
        return table.orTimeout(rules.budget().toMillis(), TimeUnit.MILLISECONDS).exceptionally(failure -> Map.of());
    }

    @Override
    public int callsInFlight() {
        return inFlight.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Tables(
            Map<Long, Customer> customers,
            Map<Long, Address> addresses,
            Map<Long, List<Shipment>> shipments,
            Map<String, Product> products) {}
}
