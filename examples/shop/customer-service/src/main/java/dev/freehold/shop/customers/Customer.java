package dev.freehold.shop.customers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;

/** A customer, as stored and as clients see it. */
record Customer(long id, String name, BigDecimal creditLimit, BigDecimal reserved) {

    @JsonProperty
    BigDecimal available() {
        return creditLimit.subtract(reserved);
    }
}
