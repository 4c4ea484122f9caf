package dev.freehold.composition.sources.jpa;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface OrderRepository extends Repository<Order, Long> {

    List<Order> findByNumberLessThanOrderByNumberDesc(long before, Limit limit);

    Order save(Order order);

    void deleteAll();
}
