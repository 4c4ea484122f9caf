package dev.freehold.shop.customers;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The customers in this service's database. */
@Repository
class Customers {

    private static final String INSERT = """
            INSERT INTO customer (name, credit_limit)
            VALUES (:name, :creditLimit)
            RETURNING id, name, credit_limit, reserved
            """;

    private static final String SELECT = """
            SELECT id, name, credit_limit, reserved
            FROM customer
            WHERE id = :id
            """;

    private static final String NAMES = """
            SELECT id, name, (SELECT count(*) FROM customer_order o WHERE o.customer_id = c.id) AS orders
            FROM customer c
            WHERE id IN (:ids)
            """;

    private static final String IDS_BY_NAME = """
            SELECT id FROM customer WHERE lower(name) LIKE lower(:beginning) || '%' ESCAPE '!' ORDER BY id LIMIT :limit
            """;

    private static final String SET_CREDIT_LIMIT = """
            UPDATE customer
            SET credit_limit = :creditLimit
            WHERE id = :id AND reserved <= :creditLimit
            RETURNING id, name, credit_limit, reserved
            """;

    /** One statement checks and takes, so that two orders at the same time cannot take the same credit. */
    private static final String RESERVE = """
            UPDATE customer
            SET reserved = reserved + :amount
            WHERE id = :id AND reserved + :amount <= credit_limit
            """;

    private static final String NOTE_RESERVATION = """
            INSERT INTO reservation (order_id, customer_id, amount)
            VALUES (:order, :id, :amount)
            """;

    private final JdbcClient jdbc;

    Customers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Customer add(String name, @Nullable BigDecimal creditLimit) {
        return jdbc.sql(INSERT)
                .param("name", name)
                .param("creditLimit", creditLimit)
                .query(Customer.class)
                .single();
    }

    Optional<Customer> find(long id) {
        return jdbc.sql(SELECT).param("id", id).query(Customer.class).optional();
    }

    List<CustomerName> names(Set<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : jdbc.sql(NAMES).param("ids", ids).query(CustomerName.class).list();
    }

    /** The ids of customers whose name begins like that. */
    List<Long> idsByName(String beginning, int limit) {
        return jdbc.sql(IDS_BY_NAME)
                .param("beginning", beginning.replaceAll("([!%_])", "!$1"))
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    /** Empty if more than that is reserved already. */
    Optional<Customer> setCreditLimit(long id, BigDecimal creditLimit) {
        return jdbc.sql(SET_CREDIT_LIMIT)
                .param("id", id)
                .param("creditLimit", creditLimit)
                .query(Customer.class)
                .optional();
    }

    /** Takes an amount of the customer's credit for an order; false if there is no such customer, or not enough. */
    boolean reserve(long id, UUID order, BigDecimal amount) {
        boolean reserved =
                jdbc.sql(RESERVE).param("id", id).param("amount", amount).update() == 1;
        if (reserved) {
            jdbc.sql(NOTE_RESERVATION)
                    .param("order", order)
                    .param("id", id)
                    .param("amount", amount)
                    .update();
        }
        return reserved;
    }
}
