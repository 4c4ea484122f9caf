package dev.freehold.acceptance.faults;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A database server for each service, a broker, and the network before them. */
record Servers(Database orders, Database billing, Broker broker, Network network) implements AutoCloseable {

    /** Starts all at once; what has started when another one fails ends with this JVM. */
    static Servers start() {
        Network network = new Network();
        CompletableFuture<Database> orders = begin(() -> Database.start(Database.ORDERS));
        CompletableFuture<Database> billing = begin(() -> Database.start(Database.BILLING));
        Broker broker = Broker.start(network.portsToBroker());
        network.connect(orders.join(), billing.join(), broker);
        return new Servers(orders.join(), billing.join(), broker, network);
    }

    private static <T> CompletableFuture<T> begin(Supplier<T> start) {
        return CompletableFuture.supplyAsync(start, work -> new Thread(work, "server-start").start());
    }

    @Override
    public void close() {
        network.close();
        broker.close();
        orders.close();
        billing.close();
    }
}
