package dev.freehold.shop.inventory;

import java.time.OffsetDateTime;
import java.util.UUID;

/** A parcel that is on its way to a customer. */
record Shipment(long number, UUID orderId, OffsetDateTime sentAt) {}
