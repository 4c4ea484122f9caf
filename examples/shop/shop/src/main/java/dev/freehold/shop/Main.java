package dev.freehold.shop;

import dev.freehold.shop.ShopClient.Customer;

/** Starts the shop, shows what it does, and stops it at Ctrl-C. */
final class Main {

    private static final int ORDERS_PORT = 8081;
    private static final int CUSTOMERS_PORT = 8082;
    private static final int INVENTORY_PORT = 8083;

    private Main() {}

    public static void main(String[] args) {
        Stop stop = Stop.onShutdown();
        Console.say("Starting PostgreSQL, Kafka, order-service, customer-service and inventory-service in this JVM.");
        try (Shop shop = Shop.start(ORDERS_PORT, CUSTOMERS_PORT, INVENTORY_PORT, stop::check)) {
            open(shop, stop);
        } catch (RuntimeException e) {
            if (!stop.isRequested()) {
                throw e;
            }
            // Ctrl-C while starting, which may have hit a program that we had started; everything is closed by now
        }
        Console.say("Everything has stopped, and its data is deleted.");
    }

    private static void open(Shop shop, Stop stop) {
        ShopClient client = new ShopClient(shop.orders().uri(), shop.customers().uri());
        Customer ada = new Demo(client, Account.of(shop), shop, stop).run();
        Console.say("""

                The shop is open. Its data is temporary. In another terminal:
                  place an order   curl -i %1$s/orders -H 'Content-Type: application/json' -d '{"customerId": %3$d, "total": 99.90, "lines": [{"sku": "tea", "quantity": 2}]}'
                  list the orders  curl %1$s/orders
                  look at Ada      curl %2$s/customers/%3$d
                  look for tea     curl %7$s/products/search -H 'Content-Type: application/json' -d '["tea"]'
                  what waits       curl %1$s/actuator/outbox
                  what is parked   curl %2$s/actuator/inbox
                  orders' tables   psql %4$s
                  customers'       psql %5$s
                  the inventory's  psql %6$s
                Ctrl-C stops everything.
                """.formatted(
                        shop.orders().uri(),
                        shop.customers().uri(),
                        ada.id(),
                        psql(shop.orders()),
                        psql(shop.customers()),
                        psql(shop.inventory()),
                        shop.inventory().uri()));
        stop.await();
        Console.say("\nStopping.");
    }

    private static String psql(RunningService service) {
        return service.database()
                .url()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@"
                                .formatted(
                                        service.database().user(),
                                        service.database().password()));
    }
}
