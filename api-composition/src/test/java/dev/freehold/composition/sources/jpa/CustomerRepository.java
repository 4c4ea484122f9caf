package dev.freehold.composition.sources.jpa;

import jakarta.persistence.QueryHint;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

interface CustomerRepository extends Repository<Customer, UUID> {

    record Name(UUID id, String name) {}

    interface Card {

        UUID getId();

        String getName();
    }

    /** Ten minutes. */
    String SLEEPS = "SELECT c.* FROM customer c, (SELECT pg_sleep(600)) s WHERE c.id IN (:ids)";

    List<Customer> findByIdIn(Collection<UUID> ids);

    List<Name> findNamesByIdIn(Collection<UUID> ids);

    List<Card> findCardsByIdIn(Collection<UUID> ids);

    @Query(value = SLEEPS, nativeQuery = true)
    List<Customer> findSlowly(Collection<UUID> ids);

    @Transactional(readOnly = true, timeout = 1)
    @Query(value = SLEEPS, nativeQuery = true)
    List<Customer> findSlowlyInTransaction(Collection<UUID> ids);

    @QueryHints(@QueryHint(name = "jakarta.persistence.query.timeout", value = "1000"))
    @Query(value = SLEEPS, nativeQuery = true)
    List<Customer> findSlowlyWithHint(Collection<UUID> ids);

    Customer save(Customer customer);

    void deleteAll();
}
