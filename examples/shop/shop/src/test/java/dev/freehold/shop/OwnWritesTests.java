package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.servers.Database;
import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.CustomerOrder;
import dev.freehold.shop.ShopClient.Name;
import dev.freehold.shop.ShopClient.OrderList;
import dev.freehold.shop.ShopClient.Part;
import dev.freehold.shop.ShopClient.Placed;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who has placed an order sees it in what another service has copied of it, or is told that it may be missing there. */
class OwnWritesTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration BUDGET = Duration.ofSeconds(6);
    private static final int ORDERS = 100;

    private static Shop shop;
    private static ShopClient client;

    @BeforeAll
    static void start() {
        shop = Shop.start(0, 0, 0, () -> {});
        client = new ShopClient(shop.orders().uri(), shop.customers().uri());
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static Customer customer(String name) {
        return client.addCustomer(name, new BigDecimal("500.00"));
    }

    private static Placed place(Customer customer) {
        return client.placeOrderForToken(customer.id(), new BigDecimal("0.10"));
    }

    private static Part<Name> asSeenBy(Customer customer, Placed placed) {
        return client.orders(customer.id(), placed.token()).rows().get(0).customer();
    }

    @Test
    void areInTheComposedListOrSaidToBeMissing() {
        Customer ada = customer("Ada");
        int shown = 0;

        for (int placed = 1; placed <= ORDERS; placed++) {
            Part<Name> seen = asSeenBy(ada, place(ada));
            int orders = seen.optional().map(Name::orders).orElse(0);
            assertThat(orders == placed || seen.isStale() || seen.state().equals("unavailable"))
                    .as("%d of %d orders, %s", orders, placed, seen)
                    .isTrue();
            shown += orders == placed ? 1 : 0;
        }

        assertThat(shown).as("shown within the time that a read waits").isGreaterThan(ORDERS / 2);
    }

    @Test
    void areInAnAnswerOfTheServiceThatHasTheCopy() {
        Customer grace = customer("Grace");

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> { // should a slow machine take longer than a read waits
                            Placed placed = place(grace);
                            assertThat(client.customer(grace.id(), placed.token())
                                            .orders())
                                    .extracting(CustomerOrder::orderId)
                                    .contains(placed.order().id());
                        });
    }

    @Test
    void areSaidToBeMissingWhileTheCopyIsHeldUp() throws SQLException {
        Customer edsger = customer("Edsger");
        Placed first = place(edsger);
        await().atMost(LIMIT).until(() -> asSeenBy(edsger, first).equals(known(edsger, 1)));

        Placed second;
        try (Connection held = connect(shop.customers().database())) {
            held.setAutoCommit(false);
            held.createStatement().execute("LOCK TABLE customer_order IN SHARE MODE"); // who reads it goes on
            second = place(edsger);
            long begun = System.nanoTime();
            OrderList list = client.orders(edsger.id(), second.token());

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BUDGET);
            assertThat(list.stale()).isTrue();
            assertThat(list.rows()).hasSize(2);
            assertThat(list.rows().get(0).customer())
                    .isEqualTo(new Part<>("found", new Name(edsger.id(), "Edsger", 1), true));
            held.rollback();
        }

        await().atMost(LIMIT).until(() -> asSeenBy(edsger, second).equals(known(edsger, 2)));
    }

    private static Part<Name> known(Customer customer, int orders) {
        return new Part<>("found", new Name(customer.id(), customer.name(), orders), false);
    }

    private static Connection connect(Database database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
