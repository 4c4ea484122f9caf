package dev.freehold.shop;

import dev.freehold.servers.Database;
import dev.freehold.servers.EmbeddedServers;
import dev.freehold.shop.customers.CustomerServiceApplication;
import dev.freehold.shop.inventory.InventoryServiceApplication;
import dev.freehold.shop.orders.OrderServiceApplication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;

/**
 * The servers and all services. They start one after the other, and stop the other way round, so that none of them
 * misses another.
 */
final class Shop implements AutoCloseable {

    /** The services share a class path here; left alone, those that use JDBC would take up the order service's libraries, too. */
    private static final String[] JDBC_ONLY = {
        "--spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName() + ","
                + DataJpaRepositoriesAutoConfiguration.class.getName(),
        "--freehold.composition.enabled=false"
    };

    private final Runnable betweenSteps;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private @Nullable EmbeddedServers servers;
    private @Nullable RunningService customers;
    private @Nullable RunningService orders;
    private @Nullable RunningService inventory;

    private Shop(Runnable betweenSteps) {
        this.betweenSteps = betweenSteps;
    }

    /**
     * Starts everything.
     *
     * @param ordersPort preferred port of the order service, 0 for any
     * @param customersPort preferred port of the customer service, 0 for any
     * @param inventoryPort preferred port of the inventory service, 0 for any
     * @param betweenSteps may throw to have everything stopped that runs already
     */
    static Shop start(int ordersPort, int customersPort, int inventoryPort, Runnable betweenSteps) {
        Shop shop = new Shop(betweenSteps);
        try {
            shop.start(ordersPort, Port.near(customersPort), Port.near(inventoryPort));
            return shop;
        } catch (RuntimeException e) {
            shop.close();
            throw e;
        }
    }

    /** The order service comes first: it makes the topics that the others read. So their ports have to be known before. */
    private void start(int ordersPort, Port customersPort, Port inventoryPort) {
        step(customersPort::start); // if anything fails before the service has it, the port is let go
        step(inventoryPort::start);
        servers = step(EmbeddedServers.start());
        Database ordersDatabase = servers.createDatabase("orders", "order_service");
        Database customersDatabase = servers.createDatabase("customers", "customer_service");
        Database inventoryDatabase = servers.createDatabase("inventory", "inventory_service");
        orders = step(RunningService.start(
                OrderServiceApplication.class,
                Port.near(ordersPort),
                ordersDatabase,
                kafka(),
                "--spring.http.serviceclient.customers.base-url=" + customersPort.uri(),
                "--spring.http.serviceclient.inventory.base-url=" + inventoryPort.uri()));
        customers = step(startJdbc(CustomerServiceApplication.class, customersPort, customersDatabase));
        inventory = step(startJdbc(InventoryServiceApplication.class, inventoryPort, inventoryDatabase));
    }

    private RunningService startJdbc(Class<?> application, Port port, Database database) {
        List<String> settings = new ArrayList<>(List.of(JDBC_ONLY));
        settings.add(kafka());
        return RunningService.start(application, port, database, settings.toArray(String[]::new));
    }

    private String kafka() {
        return "--spring.kafka.bootstrap-servers=" + bootstrapServers();
    }

    /** Stops the inventory service, has something done, and starts it again where it was. */
    void withoutInventory(Runnable meanwhile) {
        RunningService before = inventory();
        int port = before.port();
        before.close();
        try {
            meanwhile.run();
        } finally {
            inventory = step(startJdbc(InventoryServiceApplication.class, Port.near(port), before.database()));
        }
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

    RunningService inventory() {
        return Objects.requireNonNull(inventory);
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
