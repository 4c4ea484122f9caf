package dev.freehold.shop.orders;

import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.Outbox;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places orders, and settles them once, whatever the broker delivers twice. */
@Service
class Orders {

    private static final Logger log = LoggerFactory.getLogger(Orders.class);

    private final OrderRepository orders;
    private final Outbox outbox;
    private final Clock clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());

    Orders(OrderRepository orders, Outbox outbox) {
        this.orders = orders;
        this.outbox = outbox;
    }

    /** Stores the order and its event in one transaction: both or neither. */
    @Transactional
    public OrderView place(long customerId, BigDecimal total) {
        Order order = orders.save(new Order(customerId, total, clock.instant()));
        outbox.publish(order.placed());
        log.info("Order {} of customer {} over {} placed", order.id(), customerId, total);
        return order.view();
    }

    /** Runs in the transaction in which the inbox notes the event. */
    @InboxListener(topic = "customers", type = "customers.credit-reserved")
    public void on(CreditReserved answer) {
        orders.findById(answer.orderId()).orElseThrow().approve(clock.instant());
        log.info("Order {} approved", answer.orderId());
    }

    @InboxListener(topic = "customers", type = "customers.credit-rejected")
    public void on(CreditRejected answer) {
        orders.findById(answer.orderId()).orElseThrow().reject(answer.reason(), clock.instant());
        log.info("Order {} rejected: {}", answer.orderId(), answer.reason());
    }

    @Transactional(readOnly = true)
    public Optional<OrderView> find(UUID id) {
        return orders.findById(id).map(Order::view);
    }

    /** The hundred latest, newest first. */
    @Transactional(readOnly = true)
    public List<OrderView> latest() {
        return orders.findTop100ByOrderByPlacedAtDesc().stream()
                .map(Order::view)
                .toList();
    }
}
