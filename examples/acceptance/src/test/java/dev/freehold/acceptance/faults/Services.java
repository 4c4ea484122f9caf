package dev.freehold.acceptance.faults;

import dev.freehold.acceptance.faults.services.BillingApplication;
import dev.freehold.acceptance.faults.services.OrdersApplication;
import dev.freehold.outbox.kafka.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The instances of both services. */
record Services(List<ServiceJvm> orders, List<ServiceJvm> billing) implements AutoCloseable {

    static final Duration WRONG_BY = Duration.ofMinutes(5);

    /** Prepares them; {@link #start} starts them. */
    static Services of(Servers servers, Landscape.Conditions conditions) {
        Network network = servers.network();
        Duration wrong = conditions.clocksApart() ? WRONG_BY : Duration.ZERO;
        return new Services(
                IntStream.range(0, Landscape.INSTANCES)
                        .mapToObj(n -> new ServiceJvm(new ServiceJvm.Plan(
                                "orders-" + n,
                                OrdersApplication.class,
                                arguments("orders", n, servers.orders(), network.ofOrders(n), conditions.delivery()),
                                wrong.multipliedBy(n),
                                servers.orders()::knowsOf)))
                        .toList(),
                IntStream.range(0, Landscape.INSTANCES)
                        .mapToObj(n -> new ServiceJvm(new ServiceJvm.Plan(
                                "billing-" + n,
                                BillingApplication.class,
                                arguments("billing", n, servers.billing(), network.ofBilling(n), conditions.delivery()),
                                wrong.multipliedBy(-n),
                                servers.billing()::knowsOf)))
                        .toList());
    }

    /** What a service would have in its {@code application.yml}; only one of two instances limits how long it waits for a socket. */
    private static List<String> arguments(
            String service, int instance, Database database, Network.Ways ways, Delivery delivery) {
        String url = "jdbc:postgresql://localhost:%d/%s?ApplicationName=%s-%d"
                .formatted(ways.toDatabase(), database.address().name(), service, instance);
        return List.of(
                "--spring.application.name=" + service,
                "--spring.main.web-application-type=none",
                "--spring.datasource.url=" + (instance == 0 ? url : url + "&socketTimeout=2"),
                "--spring.datasource.username=" + database.address().user(),
                "--spring.datasource.password=" + database.address().password(),
                "--spring.datasource.hikari.maximum-pool-size=8",
                "--spring.datasource.hikari.connection-timeout=2000",
                "--spring.kafka.bootstrap-servers=localhost:" + ways.toBroker(),
                "--spring.kafka.consumer.properties.session.timeout.ms=3000",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=500",
                "--management.tracing.sampling.probability=0",
                "--management.otlp.metrics.export.enabled=false",
                "--freehold.outbox.delivery=" + delivery,
                "--freehold.outbox.relay.lease=" + Landscape.LEASE,
                "--freehold.outbox.relay.batch-size=100",
                "--freehold.outbox.relay.max-backoff=1s");
    }

    Stream<ServiceJvm> all() {
        return Stream.concat(orders.stream(), billing.stream());
    }

    /** Starts all at once, and returns when they are up. */
    void start() {
        each(ServiceJvm::start);
    }

    /** Asks all to end, and returns when they have. */
    void terminate() {
        each(ServiceJvm::terminate);
    }

    private void each(Consumer<ServiceJvm> work) {
        CompletableFuture.allOf(all().map(service -> CompletableFuture.runAsync(
                                () -> work.accept(service), task -> new Thread(task, "services").start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Override
    public void close() {
        all().forEach(ServiceJvm::close);
    }
}
