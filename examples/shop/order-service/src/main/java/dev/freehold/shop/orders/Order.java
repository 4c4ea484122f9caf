package dev.freehold.shop.orders;

import dev.freehold.outbox.PublishedState;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.BatchSize;
import org.jspecify.annotations.Nullable;

/** An order: placed, then approved or rejected once. With every commit its state is published. */
@Entity
@Table(name = "orders")
@PublishedState(type = "orders.order", topic = "order-states", as = OrderState.class)
class Order {

    @Id
    private UUID id;

    @Version
    private @Nullable Long version;

    @Column(nullable = false)
    private long customerId;

    @Column(nullable = false, precision = 12, scale = 2)
    private BigDecimal total;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, length = 20)
    private OrderStatus status;

    private @Nullable String reason;

    @Column(nullable = false)
    private Instant placedAt;

    private @Nullable Instant settledAt;

    @ElementCollection
    @CollectionTable(name = "order_line", joinColumns = @JoinColumn(name = "order_id"))
    @OrderColumn(name = "number")
    @BatchSize(size = 100) // for lists: one query for the lines of all their orders
    private List<OrderLine> lines;

    @SuppressWarnings("NullAway.Init") // for Hibernate, which fills the fields
    protected Order() {}

    Order(long customerId, BigDecimal total, List<OrderLine> lines, Instant placedAt) {
        this.id = UUID.randomUUID();
        this.customerId = customerId;
        this.total = total;
        this.lines = new ArrayList<>(lines);
        this.status = OrderStatus.PENDING;
        this.placedAt = placedAt;
    }

    void approve(Instant at) {
        settle(OrderStatus.APPROVED, at);
    }

    void reject(String because, Instant at) {
        settle(OrderStatus.REJECTED, at);
        reason = because;
    }

    private void settle(OrderStatus outcome, Instant at) {
        if (status != OrderStatus.PENDING) {
            throw new IllegalStateException("order %s is %s already".formatted(id, status));
        }
        status = outcome;
        settledAt = at;
    }

    UUID id() {
        return id;
    }

    /** Grows with every change. */
    long version() {
        return Objects.requireNonNull(version, "not stored yet");
    }

    long customerId() {
        return customerId;
    }

    BigDecimal total() {
        return total;
    }

    OrderStatus status() {
        return status;
    }

    Instant placedAt() {
        return placedAt;
    }

    OrderPlaced placed() {
        return new OrderPlaced(id, customerId, total);
    }

    OrderView view() {
        return new OrderView(id, customerId, total, status, reason, placedAt, settledAt, List.copyOf(lines));
    }
}
