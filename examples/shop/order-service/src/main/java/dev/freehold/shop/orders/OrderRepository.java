package dev.freehold.shop.orders;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

/** The orders in this service's database. */
interface OrderRepository extends JpaRepository<Order, UUID> {

    List<Order> findTop100ByOrderByPlacedAtDesc();
}
