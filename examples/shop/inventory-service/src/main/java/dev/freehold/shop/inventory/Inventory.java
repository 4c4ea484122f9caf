package dev.freehold.shop.inventory;

import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The products in this service's database. */
@Repository
class Inventory {

    private static final String BY_SKUS = "SELECT sku, name, stock FROM product WHERE sku IN (:skus)";

    private final JdbcClient jdbc;

    Inventory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Product> find(Set<String> skus) {
        return skus.isEmpty()
                ? List.of()
                : jdbc.sql(BY_SKUS).param("skus", skus).query(Product.class).list();
    }
}
