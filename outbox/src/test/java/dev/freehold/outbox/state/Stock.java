package dev.freehold.outbox.state;

import dev.freehold.outbox.PublishedState;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.DynamicUpdate;

/** Without version, and written in parts: what memory has of it may be older than its row. */
@Entity
@Table(name = "stock")
@DynamicUpdate
@PublishedState(type = "stock.level", topic = "stock", as = Stock.Level.class)
class Stock {

    @Id
    String sku = "";

    int onHand;
    int reserved;

    protected Stock() {}

    Stock(String sku) {
        this.sku = sku;
    }

    /** Has no constructor of the entity: it is made by a mapper. */
    record Level(String sku, int onHand, int reserved) {}
}
