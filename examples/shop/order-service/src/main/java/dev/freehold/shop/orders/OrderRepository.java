package dev.freehold.shop.orders;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The orders in this service's database. */
interface OrderRepository extends JpaRepository<Order, UUID> {

    /** The newest first, from behind a place on. */
    @Query("""
            SELECT o FROM Order o
            WHERE (:customerId IS NULL OR o.customerId = :customerId)
              AND (:status IS NULL OR o.status = :status)
              AND (:anybody = true OR o.customerId IN :customers)
              AND (o.placedAt < :placedAt OR o.placedAt = :placedAt AND o.id > :id)
            ORDER BY o.placedAt DESC, o.id
            """)
    List<Order> page(
            @Nullable Long customerId,
            @Nullable OrderStatus status,
            boolean anybody,
            Set<Long> customers,
            Instant placedAt,
            UUID id,
            Limit limit);
}
