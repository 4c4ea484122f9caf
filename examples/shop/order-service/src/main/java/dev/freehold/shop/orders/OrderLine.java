package dev.freehold.shop.orders;

import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/** How much of what; the inventory service knows what it is. */
@Embeddable
record OrderLine(
        @NotBlank @Size(max = 20) String sku, @Positive int quantity) {}
