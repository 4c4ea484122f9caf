package dev.freehold.shop.orders;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.SemiJoin;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.Outbox;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places orders, and settles them once, whatever the broker delivers twice. */
@Service
class Orders {

    private static final Logger log = LoggerFactory.getLogger(Orders.class);

    /** Behind every order. */
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private static final UUID NO_ID = new UUID(0, 0);

    private final OrderRepository orders;
    private final Outbox outbox;
    private final Clock clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());

    Orders(OrderRepository orders, Outbox outbox) {
        this.orders = orders;
        this.outbox = outbox;
    }

    /** Stores the order and its event in one transaction: both or neither. */
    @Transactional
    public OrderView place(long customerId, BigDecimal total, List<OrderLine> lines) {
        Order order = orders.save(new Order(customerId, total, lines, clock.instant()));
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

    /** The newest first. */
    @Transactional(readOnly = true)
    @RootSource(
            name = "orders",
            sort = {"placedAt desc", "id"},
            filters = {"customerId", "status"})
    public List<OrderView> page(
            OrderFilter filter, @SemiJoin("customerId") @Nullable Set<Long> customers, Keyset at, int limit) {
        Instant placedAt = at.isStart() ? END_OF_TIME : at.get(0, Instant.class);
        UUID id = at.isStart() ? NO_ID : at.get(1, UUID.class);
        Set<Long> some = Objects.requireNonNullElse(customers, Set.of());
        return orders
                .page(filter.customerId(), filter.status(), customers == null, some, placedAt, id, Limit.of(limit))
                .stream()
                .map(Order::view)
                .toList();
    }
}
