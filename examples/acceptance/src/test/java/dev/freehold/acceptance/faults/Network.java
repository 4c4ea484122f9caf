package dev.freehold.acceptance.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All ways from instances to their database and to the broker, a proxy for each. A fault is in one of them, or in all that
 * lead to one server; there is one fault at a time.
 */
final class Network implements AutoCloseable {

    private final List<TcpProxy> toOrders = proxies(Landscape.INSTANCES);
    private final List<TcpProxy> toBilling = proxies(Landscape.INSTANCES);
    private final List<TcpProxy> toBroker = proxies(2 * Landscape.INSTANCES);

    private static List<TcpProxy> proxies(int count) {
        return Stream.generate(TcpProxy::new).limit(count).toList();
    }

    List<Integer> portsToBroker() {
        return toBroker.stream().map(TcpProxy::port).toList();
    }

    void connect(Database orders, Database billing, Broker broker) {
        toOrders.forEach(proxy -> proxy.leadTo(orders.port()));
        toBilling.forEach(proxy -> proxy.leadTo(billing.port()));
        toBroker.forEach(proxy -> proxy.leadTo(broker.portBehind(proxy.port())));
    }

    /** The ports through which an instance of orders reaches its database and the broker. */
    Ways ofOrders(int instance) {
        return new Ways(toOrders.get(instance).port(), toBroker.get(instance).port());
    }

    /** As for orders. */
    Ways ofBilling(int instance) {
        return new Ways(
                toBilling.get(instance).port(),
                toBroker.get(Landscape.INSTANCES + instance).port());
    }

    record Ways(int toDatabase, int toBroker) {}

    /** Breaks connections off. */
    synchronized void cut(Random random) {
        some(random).forEach(TcpProxy::cut);
    }

    /** Breaks connections off and refuses new ones for a time. */
    synchronized void refuse(Random random, Duration time) {
        disturb(some(random), TcpProxy::refuse, time);
    }

    /** Swallows everything for a time, and breaks off what has lost something. */
    synchronized void swallow(Random random, Duration time) {
        disturb(some(random), TcpProxy::swallow, time);
    }

    /** Holds everything back for a time; it arrives late. */
    synchronized void hold(Random random, Duration time) {
        disturb(some(random), TcpProxy::hold, time);
    }

    private static void disturb(List<TcpProxy> proxies, Consumer<TcpProxy> fault, Duration time) {
        try {
            proxies.forEach(fault);
            Outage.last(time);
        } finally {
            proxies.forEach(TcpProxy::heal);
        }
    }

    private List<TcpProxy> some(Random random) {
        List<List<TcpProxy>> servers = List.of(toOrders, toBilling, toBroker);
        List<TcpProxy> ways = servers.get(random.nextInt(servers.size()));
        return random.nextBoolean() ? ways : List.of(ways.get(random.nextInt(ways.size())));
    }

    @Override
    public void close() {
        Stream.of(toOrders, toBilling, toBroker).flatMap(List::stream).forEach(TcpProxy::close);
    }
}
