package dev.freehold.shop;

import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.CustomerOrder;
import dev.freehold.shop.ShopClient.Line;
import dev.freehold.shop.ShopClient.Name;
import dev.freehold.shop.ShopClient.Order;
import dev.freehold.shop.ShopClient.OrderList;
import dev.freehold.shop.ShopClient.Part;
import dev.freehold.shop.ShopClient.Product;
import dev.freehold.shop.ShopClient.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Places three orders, one after the other, and tells what became of each. */
final class Demo {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long NOBODY = 99;

    private final ShopClient shop;
    private final Account account;
    private final Shop services;
    private final Stop stop;

    Demo(ShopClient shop, Account account, Shop services, Stop stop) {
        this.shop = shop;
        this.account = account;
        this.services = services;
        this.stop = stop;
    }

    /** Returns the customer who was added. */
    Customer run() {
        Customer ada = shop.addCustomer("Ada", new BigDecimal("500.00"));
        Console.say("\nCustomer %d is Ada, with a credit of %s. Three orders:".formatted(ada.id(), ada.creditLimit()));
        tell(
                "within Ada's credit",
                settle(shop.placeOrder(ada.id(), new BigDecimal("120.00"), new Line("tea", 2), new Line("cup", 1))));
        tell(
                "over what is left of it",
                settle(shop.placeOrder(ada.id(), new BigDecimal("450.00"), new Line("cup", 30))));
        tell("of a customer whom nobody knows", settle(shop.placeOrder(NOBODY, new BigDecimal("10.00"))));
        tellOrdersOf(await(() -> shop.customer(ada.id()), Demo::showsBothOrders));
        Console.say(
                "\nHer orders as order-service lists them, with the answers of customer-service and inventory-service:");
        tell(await(() -> shop.orders(ada.id()), Demo::showsTheShipment));
        services.withoutInventory(() -> {
            Console.say("The same while inventory-service is stopped:");
            tell(shop.orders(ada.id()));
        });
        Console.say("And when it is back:");
        tell(await(() -> shop.orders(ada.id()), OrderList::complete));
        return ada;
    }

    private static boolean showsTheShipment(OrderList list) {
        return list.complete()
                && list.rows().stream()
                        .anyMatch(
                                row -> !row.shipments().optional().orElseThrow().isEmpty());
    }

    private static void tell(OrderList list) {
        list.rows()
                .forEach(row -> Console.say("  %s of %s: %s, %s"
                        .formatted(
                                row.order().total(),
                                row.customer().optional().map(Name::name).orElse("(name unknown)"),
                                row.products().stream().map(Demo::nameOf).toList(),
                                shipments(row))));
        list.missing()
                .forEach(missing -> Console.say("  missing: %s, since %s says %s"
                        .formatted(missing.component(), missing.source(), missing.cause())));
    }

    private static String nameOf(Part<Product> product) {
        return product.optional().map(Product::name).orElse("(name unknown)");
    }

    private static String shipments(Row row) {
        return row.shipments()
                .optional()
                .map(all -> all.isEmpty()
                        ? "not shipped"
                        : "shipped as number " + all.get(0).number())
                .orElse("shipping unknown");
    }

    private Order settle(Order placed) {
        return await(() -> shop.order(placed.id()), Order::isSettled);
    }

    private static boolean showsBothOrders(Customer customer) {
        return customer.orders().size() == 2 && customer.orders().stream().allMatch(CustomerOrder::isSettled);
    }

    private <T> T await(Supplier<T> look, Predicate<T> isThere) {
        long start = System.nanoTime();
        T seen = look.get();
        while (!isThere.test(seen) && System.nanoTime() - start < LIMIT.toNanos()) {
            stop.check(PAUSE);
            seen = look.get();
        }
        return seen;
    }

    private void tell(String what, Order order) {
        String reason = order.reason() == null ? "" : ", because " + order.reason();
        Console.say("\n%s, %s: %s%s".formatted(order.total(), what, order.status(), reason));
        account.of(order).forEach(Console::say);
    }

    private static void tellOrdersOf(Customer customer) {
        Console.say(
                "\n%s as customer-service shows her, with a copy of her orders' states:".formatted(customer.name()));
        Console.say("  %s of %s reserved".formatted(customer.reserved(), customer.creditLimit()));
        customer.orders().forEach(order -> Console.say("  order over %s %s".formatted(order.total(), order.status())));
    }
}
