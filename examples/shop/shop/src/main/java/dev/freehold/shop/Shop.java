package dev.freehold.shop;

import dev.freehold.servers.Database;
import dev.freehold.servers.EmbeddedServers;
import dev.freehold.shop.customers.CustomerServiceApplication;
import dev.freehold.shop.orders.OrderServiceApplication;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;

/**
 * The servers and all services. They start one after the other, and stop the other way round, so that none of them
 * misses another.
 */
final class Shop implements AutoCloseable {

    /** The services share a class path here; left alone, the customer service would take up JPA, too. */
    private static final String WITHOUT_JPA =
            "--spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName() + ","
                    + DataJpaRepositoriesAutoConfiguration.class.getName();

    private final Runnable betweenSteps;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private @Nullable EmbeddedServers servers;
    private @Nullable RunningService customers;
    private @Nullable RunningService orders;

    private Shop(Runnable betweenSteps) {
        this.betweenSteps = betweenSteps;
    }

    /**
     * Starts everything.
     *
     * @param ordersPort preferred port of the order service, 0 for any
     * @param customersPort preferred port of the customer service, 0 for any
     * @param betweenSteps may throw to have everything stopped that runs already
     */
    static Shop start(int ordersPort, int customersPort, Runnable betweenSteps) {
        Shop shop = new Shop(betweenSteps);
        try {
            shop.start(ordersPort, customersPort);
            return shop;
        } catch (RuntimeException e) {
            shop.close();
            throw e;
        }
    }

    private void start(int ordersPort, int customersPort) {
        servers = step(EmbeddedServers.start());
        String kafka = "--spring.kafka.bootstrap-servers=" + servers.bootstrapServers();
        Database ordersDatabase = servers.createDatabase("orders", "order_service");
        Database customersDatabase = servers.createDatabase("customers", "customer_service");
        orders = step(RunningService.start(OrderServiceApplication.class, ordersPort, ordersDatabase, kafka));
        customers = step(RunningService.start(
                CustomerServiceApplication.class, customersPort, customersDatabase, kafka, WITHOUT_JPA));
    }

    private <T extends AutoCloseable> T step(T started) {
        running.push(started);
        betweenSteps.run();
        return started;
    }

    RunningService orders() {
        return Objects.requireNonNull(orders);
    }

    RunningService customers() {
        return Objects.requireNonNull(customers);
    }

    /** Kafka's address. */
    String bootstrapServers() {
        return Objects.requireNonNull(servers).bootstrapServers();
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) { // the others must stop, too
                Console.say("Could not stop cleanly: " + e);
            }
        }
    }
}
