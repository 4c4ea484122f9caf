package dev.freehold.shop;

import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.CustomerOrder;
import dev.freehold.shop.ShopClient.Order;
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
    private final Stop stop;

    Demo(ShopClient shop, Account account, Stop stop) {
        this.shop = shop;
        this.account = account;
        this.stop = stop;
    }

    /** Returns the customer who was added. */
    Customer run() {
        Customer ada = shop.addCustomer("Ada", new BigDecimal("500.00"));
        Console.say("\nCustomer %d is Ada, with a credit of %s. Three orders:".formatted(ada.id(), ada.creditLimit()));
        tell("within Ada's credit", settle(shop.placeOrder(ada.id(), new BigDecimal("120.00"))));
        tell("over what is left of it", settle(shop.placeOrder(ada.id(), new BigDecimal("450.00"))));
        tell("of a customer whom nobody knows", settle(shop.placeOrder(NOBODY, new BigDecimal("10.00"))));
        tellOrdersOf(await(() -> shop.customer(ada.id()), Demo::showsBothOrders));
        return ada;
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
