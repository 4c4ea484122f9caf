package dev.freehold.shop.customers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A customer, as stored; without a credit limit until somebody has decided on it. */
record Customer(long id, String name, @Nullable BigDecimal creditLimit, BigDecimal reserved) {

    @JsonProperty
    @Nullable
    BigDecimal available() {
        return creditLimit == null ? null : creditLimit.subtract(reserved);
    }
}
