package dev.freehold.shop.inventory;

import java.util.UUID;

/** What this service needs of the order service's {@code orders.order}. */
record OrderState(UUID orderId, long version, String status) {

    boolean isApproved() {
        return status.equals("APPROVED");
    }
}
