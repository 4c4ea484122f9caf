package dev.freehold.benchmark.composition;

import io.github.pellse.assembler.Assembler;
import io.github.pellse.assembler.AssemblerAdapter;
import io.github.pellse.assembler.AssemblerBuilder;
import io.github.pellse.assembler.future.CompletableFutureAdapter;
import io.github.pellse.assembler.stream.StreamAdapter;
import io.github.pellse.util.function.checked.CheckedFunction1;
import io.github.pellse.util.query.Mapper;
import io.github.pellse.util.query.MapperUtils;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Assembler. All that one assembler joins to a row goes by one id of that row, so there is one for each key: the customer of an
 * order, the order itself, and the product of a line; and one for the addresses, within the call for the customers.
 */
final class AssemblerContestant implements Contestant {

    private final Services services;
    private final ExecutorService threads;
    private final Assembler<Order, Stream<Customer>> customersHere;
    private final Assembler<Order, Stream<Parcels>> shipmentsHere;
    private final Assembler<Order.Line, Stream<Product>> productsHere;
    private final Assembler<Customer, Stream<Resident>> residents;
    private final Assembler<Order, CompletableFuture<List<Resident>>> customers;
    private final Assembler<Order, CompletableFuture<List<Parcels>>> shipments;
    private final Assembler<Order.Line, CompletableFuture<List<Product>>> products;

    /** Calls the services on these threads, and closes them. */
    AssemblerContestant(Services services, ExecutorService threads) {
        this.services = services;
        this.threads = threads;
        customersHere = AssemblerBuilder.assemblerOf(Customer.class)
                .withIdExtractor(Order::customerId)
                .withAssemblerRules(one(services::customers, Customer::id), (order, customer) -> customer)
                .using(StreamAdapter.streamAdapter());
        shipmentsHere = shipments(StreamAdapter.streamAdapter());
        productsHere = products(StreamAdapter.streamAdapter());
        residents = AssemblerBuilder.assemblerOf(Resident.class)
                .withIdExtractor(Customer::addressId)
                .withAssemblerRules(one(services::addresses, Address::id), Resident::new)
                .using(StreamAdapter.streamAdapter());
        customers = AssemblerBuilder.assemblerOf(Resident.class)
                .withIdExtractor(Order::customerId)
                .withAssemblerRules(
                        one(this::residents, resident -> resident.customer().id()), (order, resident) -> resident)
                .using(CompletableFutureAdapter.completableFutureAdapter(threads));
        shipments = shipments(CompletableFutureAdapter.completableFutureAdapter(threads));
        products = products(CompletableFutureAdapter.completableFutureAdapter(threads));
    }

    private <C> Assembler<Order, C> shipments(AssemblerAdapter<Order, Long, Parcels, C> adapter) {
        return AssemblerBuilder.assemblerOf(Parcels.class)
                .withIdExtractor(Order::id)
                .withAssemblerRules(many(services::shipments, Shipment::orderId), (order, found) -> new Parcels(found))
                .using(adapter);
    }

    private <C> Assembler<Order.Line, C> products(AssemblerAdapter<Order.Line, String, Product, C> adapter) {
        return AssemblerBuilder.assemblerOf(Product.class)
                .withIdExtractor(Order.Line::sku)
                .withAssemblerRules(one(services::products, Product::sku), (line, product) -> product)
                .using(adapter);
    }

    private List<Resident> residents(Collection<Long> customerIds) {
        return residents.assemble(services.customers(customerIds)).toList();
    }

    /** With a set, since with a list it asks for a key as often as there are rows with it. */
    private static <K, R> Mapper<K, R, RuntimeException> one(
            Function<Collection<K>, List<R>> call, Function<R, K> key) {
        CheckedFunction1<Set<K>, List<R>, RuntimeException> source = call::apply;
        return MapperUtils.oneToOne(source, key, () -> new HashSet<>());
    }

    private static <K, R> Mapper<K, List<R>, RuntimeException> many(
            Function<Collection<K>, List<R>> call, Function<R, K> key) {
        CheckedFunction1<Set<K>, List<R>, RuntimeException> source = call::apply;
        return MapperUtils.oneToManyAsList(source, key, () -> new HashSet<>());
    }

    @Override
    public List<? extends Row> join(List<Order> orders) {
        Iterator<Customer> ofOrders = customersHere.assemble(orders).iterator();
        Iterator<Parcels> parcels = shipmentsHere.assemble(orders).iterator();
        Iterator<Product> ofLines = productsHere.assemble(lines(orders)).iterator();
        List<Row> rows = new ArrayList<>(orders.size());
        for (Order order : orders) {
            rows.add(new PlainRow.Joined(order, ofOrders.next(), parcels.next().shipments(), next(ofLines, order)));
        }
        return rows;
    }

    @Override
    public List<? extends Row> page(List<Order> orders) {
        CompletableFuture<List<Resident>> residentsAsked = customers.assemble(orders);
        CompletableFuture<List<Parcels>> parcelsAsked = shipments.assemble(orders);
        CompletableFuture<List<Product>> productsAsked = products.assemble(lines(orders));
        Iterator<Resident> ofOrders = residentsAsked.join().iterator();
        Iterator<Parcels> parcels = parcelsAsked.join().iterator();
        Iterator<Product> ofLines = productsAsked.join().iterator();
        List<Row> rows = new ArrayList<>(orders.size());
        for (Order order : orders) {
            Resident resident = ofOrders.next();
            rows.add(new PlainRow.Addressed(
                    order,
                    resident.customer(),
                    resident.address(),
                    parcels.next().shipments(),
                    next(ofLines, order)));
        }
        return rows;
    }

    private static List<Order.Line> lines(List<Order> orders) {
        List<Order.Line> lines = new ArrayList<>(orders.size() * 2);
        for (Order order : orders) {
            lines.addAll(order.lines());
        }
        return lines;
    }

    /** Those of an order's lines: they come in the order of all lines. */
    private static List<Product> next(Iterator<Product> ofLines, Order order) {
        List<Product> products = new ArrayList<>(order.lines().size());
        for (int i = order.lines().size(); i > 0; i--) {
            products.add(ofLines.next());
        }
        return products;
    }

    @Override
    public List<? extends Row> customersInBatches(List<Order> orders) {
        throw new UnsupportedOperationException("it has no batches");
    }

    @Override
    public int callsInFlight() {
        return 0;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Parcels(List<Shipment> shipments) {}

    private record Resident(Customer customer, Address address) {}
}
