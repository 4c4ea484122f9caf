package dev.freehold.benchmark.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderOptions;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/** java-dataloader, with a registry for each page, as it is meant, and loaders of the mapped kind. */
final class DataLoaderContestant implements Contestant {

    private static final int ALL = -1;

    private final Services services;
    private final ExecutorService threads;

    /** Calls the services on these threads, and closes them. */
    DataLoaderContestant(Services services, ExecutorService threads) {
        this.services = services;
        this.threads = threads;
    }

    @Override
    public List<? extends Row> join(List<Order> orders) {
        DataLoaderRegistry registry = new DataLoaderRegistry();
        Loaders loaders = loaders(registry, Runnable::run);
        List<Joining> joinings = new ArrayList<>(orders.size());
        for (Order order : orders) {
            joinings.add(loaders.load(order));
        }
        registry.dispatchAll();
        List<Row> rows = new ArrayList<>(orders.size());
        for (Joining joining : joinings) {
            rows.add(new PlainRow.Joined(
                    joining.order(),
                    joining.customer().join(),
                    joining.shipmentsOrNone(),
                    joining.products().join()));
        }
        return rows;
    }

    /** Addresses are dispatched when the customers are there: nothing else would do it. */
    @Override
    public List<? extends Row> page(List<Order> orders) {
        DataLoaderRegistry registry = new DataLoaderRegistry();
        Loaders loaders = loaders(registry, threads);
        DataLoader<Long, Address> addresses =
                loader(registry, "addresses", threads, ids -> Lookup.byKey(services.addresses(ids), Address::id));
        List<Joining> joinings = new ArrayList<>(orders.size());
        List<CompletableFuture<Address>> ofOrders = new ArrayList<>(orders.size());
        for (Order order : orders) {
            Joining joining = loaders.load(order);
            joinings.add(joining);
            ofOrders.add(joining.customer().thenCompose(customer -> addresses.load(customer.addressId())));
        }
        CompletableFuture<?> unused = loaders.shipments().dispatch();
        unused = loaders.products().dispatch();
        loaders.customers().dispatch().thenCompose(all -> addresses.dispatch()).join();
        List<Row> rows = new ArrayList<>(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            Joining joining = joinings.get(i);
            rows.add(new PlainRow.Addressed(
                    joining.order(),
                    joining.customer().join(),
                    ofOrders.get(i).join(),
                    joining.shipmentsOrNone(),
                    joining.products().join()));
        }
        return rows;
    }

    /** It cannot limit the calls. */
    @Override
    public List<? extends Row> customersInBatches(List<Order> orders) {
        DataLoader<Long, Customer> customers = DataLoaderFactory.newMappedDataLoader(
                ids -> CompletableFuture.supplyAsync(
                        () -> Lookup.byKey(services.customers(ids), Customer::id), threads),
                DataLoaderOptions.newOptions().setMaxBatchSize(Rules.FEW).build());
        List<CompletableFuture<Customer>> found = new ArrayList<>(orders.size());
        for (Order order : orders) {
            found.add(customers.load(order.customerId()));
        }
        customers.dispatch().join();
        List<Row> rows = new ArrayList<>(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            rows.add(new PlainRow.OfCustomer(orders.get(i), found.get(i).join()));
        }
        return rows;
    }

    private Loaders loaders(DataLoaderRegistry registry, Executor executor) {
        return new Loaders(
                loader(registry, "customers", executor, ids -> Lookup.byKey(services.customers(ids), Customer::id)),
                loader(
                        registry,
                        "shipments",
                        executor,
                        ids -> Lookup.grouped(services.shipments(ids), Shipment::orderId)),
                loader(registry, "products", executor, skus -> Lookup.byKey(services.products(skus), Product::sku)));
    }

    private static <K, V> DataLoader<K, V> loader(
            DataLoaderRegistry registry, String name, Executor executor, Function<Set<K>, Map<K, V>> call) {
        DataLoader<K, V> loader = DataLoaderFactory.newMappedDataLoader(
                name,
                keys -> CompletableFuture.supplyAsync(() -> call.apply(keys), executor),
                DataLoaderOptions.newOptions().setMaxBatchSize(ALL).build());
        registry.register(loader);
        return loader;
    }

    @Override
    public int callsInFlight() {
        return 0;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Loaders(
            DataLoader<Long, Customer> customers,
            DataLoader<Long, List<Shipment>> shipments,
            DataLoader<String, Product> products) {

        Joining load(Order order) {
            return new Joining(
                    order,
                    customers.load(order.customerId()),
                    shipments.load(order.id()),
                    products.loadMany(
                            order.lines().stream().map(Order.Line::sku).toList()));
        }
    }

    /** An order, and what is on its way to it. */
    private record Joining(
            Order order,
            CompletableFuture<Customer> customer,
            CompletableFuture<List<Shipment>> shipments,
            CompletableFuture<List<Product>> products) {

        /** A key without a row is null. */
        List<Shipment> shipmentsOrNone() {
            @Nullable List<Shipment> loaded = shipments.join();
            return loaded == null ? List.of() : loaded;
        }
    }
}
