package dev.freehold.shop.orders;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Many;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import java.util.List;

/** A row of the order list: an order of this service, with what two others know of it. */
@ComposedView(root = "orders", budget = "1s")
record OrderRow(
        @Root OrderView order,

        @One(source = "customers", key = "order.customerId", filter = "customerName")
        Part<CustomerApi.Customer> customer,

        @Many(source = "products", via = "order.lines", key = "sku")
        List<Part<InventoryApi.Product>> products,

        @Many(source = "shipments", key = "order.id") Part<List<InventoryApi.Shipment>> shipments) {}
