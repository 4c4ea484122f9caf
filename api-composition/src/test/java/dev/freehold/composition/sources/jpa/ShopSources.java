package dev.freehold.composition.sources.jpa;

import dev.freehold.composition.Budget;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.autoconfigure.CompositionAutoConfiguration;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What pages ask of the shop's tables. Beans have to be in between where a source needs to know its budget, or a keyset. */
@Component
@AutoConfigurationPackage
@ImportAutoConfiguration(CompositionAutoConfiguration.class)
class ShopSources {

    private static final String SLEEP_IN_JDBC = """
            SELECT c.id, c.name FROM customer c, (SELECT pg_sleep(600)) s WHERE c.id = ANY (?)
            """;

    private final OrderRepository orders;
    private final CustomerRepository customers;
    private final JdbcTemplate jdbc;
    private final PlatformTransactionManager transactions;

    ShopSources(
            OrderRepository orders,
            CustomerRepository customers,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions) {
        this.orders = orders;
        this.customers = customers;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @RootSource(name = "orders", sort = "number desc")
    List<Order> orders(Keyset at, int limit) {
        long before = at.isStart() ? Long.MAX_VALUE : at.get(0, Long.class);
        return orders.findByNumberLessThanOrderByNumberDesc(before, Limit.of(limit));
    }

    @Source(name = "customers", id = "id", maxBatch = 3)
    List<Customer> customers(List<UUID> ids) {
        return customers.findByIdIn(ids);
    }

    @Source(name = "names", id = "id")
    List<CustomerRepository.Name> names(List<UUID> ids) {
        return customers.findNamesByIdIn(ids);
    }

    @Source(name = "cards", id = "id")
    List<CustomerRepository.Card> cards(List<UUID> ids) {
        return customers.findCardsByIdIn(ids);
    }

    // ---- queries that take ten minutes

    @Source(name = "unbounded", id = "id")
    List<Customer> unbounded(List<UUID> ids) {
        return customers.findSlowly(ids);
    }

    @Source(name = "transaction", id = "id")
    List<Customer> inTransaction(List<UUID> ids) {
        return customers.findSlowlyInTransaction(ids);
    }

    @Source(name = "hint", id = "id")
    List<Customer> withHint(List<UUID> ids) {
        return customers.findSlowlyWithHint(ids);
    }

    /** The database ends it with the budget, whatever happens here. */
    @Source(name = "budget", id = "id")
    List<Customer> withinBudget(List<UUID> ids, Budget budget) {
        return slowly(ids, "statement_timeout", budget.remaining());
    }

    /** The database ends it when the connection is gone. */
    @Source(name = "watched", id = "id")
    List<Customer> watched(List<UUID> ids) {
        return slowly(ids, "client_connection_check_interval", Duration.ofMillis(200));
    }

    private List<Customer> slowly(List<UUID> ids, String setting, Duration duration) {
        return Objects.requireNonNull(new TransactionTemplate(transactions).execute(status -> {
            jdbc.queryForList("SELECT set_config(?, ?, true)", setting, duration.toMillis() + "ms");
            return customers.findSlowly(ids);
        }));
    }

    /** Not interrupted: or the connection might be lost before the statement is cancelled. */
    @Source(name = "cancelled", id = "id", uninterruptible = true)
    List<CustomerRepository.Name> cancelled(List<UUID> ids, Budget budget) {
        return jdbc.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(SLEEP_IN_JDBC);
                    statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                    budget.onStop(() -> new Thread(() -> cancel(statement)).start()); // it blocks
                    return statement;
                },
                (row, number) -> new CustomerRepository.Name(row.getObject("id", UUID.class), row.getString("name")));
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
