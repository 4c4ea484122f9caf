package dev.freehold.composition.sources.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Queries of ten minutes for pages of two seconds: what stops them, and what does not. */
@SpringJUnitConfig({Shop.class, ShopSources.class})
@Timeout(120)
class HangingQueryTests {

    private static final String RUNNING = """
            SELECT pid FROM pg_stat_activity
            WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()
            """;

    @ComposedView(root = "orders", budget = "2s")
    record Unbounded(
            @Root Order order,

            @One(source = "unbounded", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "2s")
    record WithinBudget(
            @Root Order order,

            @One(source = "budget", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "2s")
    record Cancelled(
            @Root Order order,

            @One(source = "cancelled", key = "order.customerId")
            Part<CustomerRepository.Name> customer) {}

    @ComposedView(root = "orders", budget = "2s")
    record Watched(
            @Root Order order,

            @One(source = "watched", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "60s")
    record InTransaction(
            @Root Order order,

            @One(source = "transaction", key = "order.customerId")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "60s")
    record WithHint(
            @Root Order order,
            @One(source = "hint", key = "order.customerId") Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "60s")
    record Lost(
            @Root Order order,

            @One(source = "unbounded", key = "order.customerId")
            Part<Customer> customer) {}

    @Autowired
    private Compositions compositions;

    @Autowired
    private HikariDataSource pool;

    @Autowired
    private JdbcTemplate jdbc;

    @BeforeEach
    void prepare(@Autowired OrderRepository orders, @Autowired CustomerRepository customers) {
        orders.deleteAll();
        customers.deleteAll();
        UUID id = new UUID(1, 1);
        customers.save(new Customer(id, "customer"));
        orders.save(new Order(1, id));
    }

    @AfterEach
    void stop() {
        jdbc.queryForList("SELECT pg_cancel_backend(pid) FROM (" + RUNNING + ") running");
        awaitNothing();
    }

    private List<? extends @Nullable Integer> running() {
        return jdbc.queryForList(RUNNING, Integer.class);
    }

    private void awaitNothing() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(running()).isEmpty();
            assertThat(compositions.callsInFlight().values()).containsOnly(0);
            assertThat(Objects.requireNonNull(pool.getHikariPoolMXBean()).getActiveConnections())
                    .isZero();
        });
    }

    private Cause cause(Class<?> view) {
        return compositions
                .view(view)
                .page(null, Keyset.start(), 10)
                .missing()
                .get(0)
                .cause();
    }

    /** Drivers do not heed interrupts. On a virtual thread one breaks the connection, and the database goes on all the same. */
    @Test
    void goOnInTheDatabaseIfNobodyStopsThem() {
        assertThat(cause(Unbounded.class)).isEqualTo(Cause.TIMEOUT);
        assertThat(running()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(classes = {WithinBudget.class, Cancelled.class})
    void endWithTheBudgetIfTheDatabaseIsTold(Class<?> view) {
        assertThat(cause(view)).isEqualTo(Cause.TIMEOUT);
        awaitNothing();
    }

    /** On virtual threads, too, which would lose it by an interrupt. */
    @Test
    void leaveTheirConnectionAsItWasIfTheyAreNotInterrupted() {
        Set<Integer> before = sessions();

        assertThat(cause(Cancelled.class)).isEqualTo(Cause.TIMEOUT);
        awaitNothing();

        assertThat(sessions()).containsAll(before);
    }

    private Set<Integer> sessions() {
        return Set.copyOf(jdbc.queryForList("""
                SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                UNION SELECT pg_backend_pid()
                """, Integer.class));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void endWithTheirConnectionIfTheDatabaseWatchesIt() {
        assertThat(cause(Watched.class)).isEqualTo(Cause.TIMEOUT);
        awaitNothing();
    }

    @ParameterizedTest
    @ValueSource(classes = {InTransaction.class, WithHint.class})
    void areATimeoutIfTheyEndBeforeThePage(Class<?> view) {
        assertThat(cause(view)).isEqualTo(Cause.TIMEOUT);
        awaitNothing();
    }

    @Test
    void areALostConnectionIfTheDatabaseEndsTheSession() {
        CompletableFuture<Cause> cause =
                CompletableFuture.supplyAsync(() -> cause(Lost.class), work -> new Thread(work).start());
        await().atMost(Duration.ofSeconds(50)).until(() -> running().size() == 1);

        jdbc.queryForList("SELECT pg_terminate_backend(?)", running().get(0));

        assertThat(cause).succeedsWithin(Duration.ofSeconds(50)).isEqualTo(Cause.CONNECTION);
    }
}
