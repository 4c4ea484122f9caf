package dev.freehold.composition.sources.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.View;
import jakarta.persistence.EntityManagerFactory;
import java.util.UUID;
import java.util.stream.LongStream;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Data's repositories behind sources: entities, projections, pages. */
@SpringJUnitConfig({Shop.class, ShopSources.class})
@Timeout(120)
class RepositorySourceTests {

    @ComposedView(root = "orders", budget = "30s")
    record EntityRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    record Greeting(String name) {}

    @ComposedView(root = "orders", budget = "30s")
    record ProjectedRow(
            @Root Order order,
            @One(source = "names", key = "order.customerId") Part<CustomerRepository.Name> name,
            @One(source = "cards", key = "order.customerId") Part<CustomerRepository.Card> card,

            @One(source = "customers", key = "order.customerId")
            Part<Greeting> greeting) {}

    @Autowired
    private View<EntityRow, Void> entities;

    @Autowired
    private View<ProjectedRow, Void> projections;

    @Autowired
    private OrderRepository orders;

    @Autowired
    private CustomerRepository customers;

    @Autowired
    private PlatformTransactionManager transactions;

    private Statistics statistics;

    /** Orders 1 to 20 are of customers 1 to 5 in turns, and customer 5 is not there. */
    @BeforeEach
    void prepare(@Autowired EntityManagerFactory factory) {
        orders.deleteAll();
        customers.deleteAll();
        LongStream.rangeClosed(1, 4).forEach(id -> customers.save(new Customer(uuid(id), "customer " + id)));
        LongStream.rangeClosed(1, 20).forEach(number -> orders.save(new Order(number, uuid(1 + number % 5))));
        statistics = factory.unwrap(SessionFactory.class).getStatistics();
        statistics.clear();
    }

    private static UUID uuid(long number) {
        return new UUID(0x4000L, 0x8000_0000_0000_0000L + number);
    }

    @Test
    void joinRowsWithOneStatementForEachBatch() {
        Page<EntityRow> page = entities.page(null, Keyset.start(), 10);

        assertThat(page.rows()).hasSize(10).allSatisfy(row -> {
            UUID key = row.order().getCustomerId();
            if (key.equals(uuid(5))) {
                assertThat(row.customer()).isEqualTo(new Part.Absent<>(key));
            } else {
                assertThat(row.customer().optional()).map(Customer::getId).contains(key);
            }
        });
        assertThat(statistics.getPrepareStatementCount())
                .as("one for the orders, and for five customers two with three at most")
                .isEqualTo(3);
    }

    @Test
    void giveProjections() {
        ProjectedRow row = projections.page(null, Keyset.start(), 1).rows().get(0);

        assertThat(row.order().getNumber()).isEqualTo(20);
        assertThat(row.name().optional()).contains(new CustomerRepository.Name(uuid(1), "customer 1"));
        assertThat(row.card().optional()).map(CustomerRepository.Card::getName).contains("customer 1");
        assertThat(row.greeting().optional()).contains(new Greeting("customer 1"));
    }

    @Test
    void goOnBehindTheLastRowWhileOthersAreInserted() {
        Page<EntityRow> first = entities.page(null, Keyset.start(), 8);
        orders.save(new Order(21, uuid(1)));
        Page<EntityRow> second = entities.page(null, first.nextPage().orElseThrow(), 8);
        Page<EntityRow> third = entities.page(null, second.nextPage().orElseThrow(), 8);

        assertThat(first.rows())
                .extracting(row -> row.order().getNumber())
                .startsWith(20L)
                .endsWith(13L);
        assertThat(second.rows())
                .extracting(row -> row.order().getNumber())
                .startsWith(12L)
                .endsWith(5L);
        assertThat(third.rows()).extracting(row -> row.order().getNumber()).containsExactly(4L, 3L, 2L, 1L);
        assertThat(third.next()).isNull();
    }

    /** They are on other threads, with connections of their own. */
    @Test
    void doNotSeeWhatThePagesThreadHasNotCommitted() {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            orders.save(new Order(21, uuid(5)));
            customers.save(new Customer(uuid(5), "customer 5"));
            status.flush();

            EntityRow row = entities.page(null, Keyset.start(), 1).rows().get(0);

            assertThat(row.order().getNumber()).isEqualTo(20);
            status.setRollbackOnly();
        });
    }
}
