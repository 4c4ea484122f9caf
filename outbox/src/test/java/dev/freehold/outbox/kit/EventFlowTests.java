package dev.freehold.outbox.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxException;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.test.EventFlow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/** Events from publishers to listeners without a server. */
class EventFlowTests {

    @OutboxEvent(type = "orders.placed", topic = "orders")
    record OrderPlaced(@EventKey String order, int amount) {}

    @OutboxEvent(type = "payments.made", topic = "payments")
    record PaymentMade(@EventKey String order) {}

    record Orders(Outbox outbox) {
        void place(String order, int amount) {
            outbox.publish(new OrderPlaced(order, amount));
        }
    }

    /** Another service's: it has its own record of the event, and publishes one itself. */
    static class Payments {
        record Placed(String order, int amount) {}

        final Outbox outbox;
        final List<String> paid = new ArrayList<>();
        boolean closed;

        Payments(Outbox outbox) {
            this.outbox = outbox;
        }

        @InboxListener(topic = "orders", type = "orders.placed")
        void on(Placed placed, EventContext context) {
            if (closed) {
                throw new IllegalStateException("the bank is closed");
            }
            paid.add(placed.order() + " " + placed.amount());
            outbox.publish(new PaymentMade(context.key()));
        }
    }

    static class Shipping {
        final List<String> shipped = new ArrayList<>();

        @InboxListener(topic = "payments", group = "shipping")
        void on(PaymentMade payment) {
            shipped.add(payment.order());
        }
    }

    private final EventFlow flow = EventFlow.create();
    private final Payments payments = new Payments(flow.outbox());
    private final Shipping shipping = new Shipping();
    private final Orders orders = new Orders(flow.outbox());

    @Test
    void goesFromServiceToService() {
        flow.listeners(payments, shipping);
        orders.place("1", 10);
        orders.place("2", 20);

        assertThat(flow.deliver()).isEqualTo(4);
        assertThat(shipping.shipped).containsExactly("1", "2");
        assertThat(flow.published(OrderPlaced.class))
                .containsExactly(new OrderPlaced("1", 10), new OrderPlaced("2", 20));
        assertThat(flow.published(PaymentMade.class)).hasSize(2);
        assertThat(flow.deliver()).isZero();
    }

    @Test
    void deliversTwiceAndListenersSeeItOnce() {
        flow.listeners(payments, shipping).duplicating();
        orders.place("1", 10);
        flow.deliver();

        assertThat(payments.paid).containsExactly("1 10");
        assertThat(shipping.shipped).containsExactly("1");
    }

    @Test
    void deliversKeysInAnyOrderAndTheEventsOfAKeyInTheirs() {
        flow.listeners(payments).shuffling(7);
        for (int n = 0; n < 100; n++) {
            orders.place("k" + n % 10, n);
        }
        flow.deliver();

        List<Integer> amounts = payments.paid.stream()
                .map(paid -> Integer.valueOf(paid.substring(paid.indexOf(' ') + 1)))
                .toList();
        assertThat(amounts).hasSize(100).isNotEqualTo(amounts.stream().sorted().toList());
        Map<Integer, Integer> last = new HashMap<>();
        for (int amount : amounts) {
            Integer before = last.put(amount % 10, amount);
            assertThat(before == null || before < amount).isTrue();
        }
    }

    @Test
    void failsTheTestIfAListenerFails() {
        payments.closed = true;
        flow.listeners(payments);
        orders.place("1", 10);

        assertThatThrownBy(flow::deliver)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("orders.placed", "'1'", "the bank is closed");
    }

    @Test
    void parksWhatFailsIfToldSoAndReplaysIt() {
        payments.closed = true;
        flow.listeners(payments);
        orders.place("1", 10);
        orders.place("1", 20);
        flow.deliverAndPark();
        assertThat(flow.parked()).hasSize(2);

        payments.closed = false;
        assertThat(flow.replay("1")).isEqualTo(2);
        assertThat(payments.paid).containsExactly("1 10", "1 20");
        assertThat(flow.parked()).isEmpty();
    }

    /** What a client does that writes to one service and reads from another one. */
    @Test
    void tellsReadersWhetherWhatTheyWroteHasBeenDelivered() {
        flow.listeners(payments, shipping);
        ConsistencyToken token;
        try (CommittedEvents events = CommittedEvents.record()) {
            orders.place("1", 10);
            token = events.token();
        }
        assertThat(flow.inbox().await(token, Duration.ZERO)).isFalse();
        flow.deliver();
        assertThat(flow.inbox().await(token, Duration.ZERO)).isTrue();
        assertThat(payments.paid).containsExactly("1 10");
    }

    @Test
    void takesMessagesOfOtherServicesAndTombstones() {
        List<String> got = new ArrayList<>();
        flow.listeners(new Object() {
            @InboxListener(topic = "customers", type = "customers.customer")
            void on(Optional<Map<String, Object>> customer, EventContext context) {
                got.add(context.key() + " " + customer);
            }
        });
        flow.send("customers", "customers.customer", "7", Map.of("name", "Ann"))
                .send("customers", "customers.customer", "7", null)
                .deliver();
        assertThat(got).containsExactly("7 Optional[{name=Ann}]", "7 Optional.empty");
    }

    @Test
    void publishesWithTheTransactionIfThereIsOne() {
        TransactionSynchronizationManager.initSynchronization();
        try {
            orders.place("1", 10);
            assertThat(flow.published()).isEmpty();
            TransactionSynchronizationUtils.triggerAfterCommit();
        } finally {
            TransactionSynchronizationManager.clear();
        }
        assertThat(flow.published()).hasSize(1);
    }

    @Test
    void refusesWhatProductionWouldRefuse() {
        assertThatThrownBy(() -> flow.outbox().publish("text")).isInstanceOf(OutboxException.class);
        assertThatThrownBy(() -> flow.listeners(new Object() {
                    @InboxListener(topic = "orders")
                    int on(OrderPlaced event) {
                        return 0;
                    }
                }))
                .isInstanceOf(InboxException.class);
        assertThatThrownBy(() -> flow.published(String.class)).isInstanceOf(IllegalArgumentException.class);
    }
}
