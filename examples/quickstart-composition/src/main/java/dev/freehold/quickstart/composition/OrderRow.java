package dev.freehold.quickstart.composition;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Many;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import java.util.List;

@ComposedView(root = "orders", budget = "2s")
record OrderRow(
        @Root Order order,
        @One(source = "customers", key = "order.customerId") Part<CustomerApi.Customer> customer,
        @Many(source = "shipments", key = "order.id") Part<List<ShippingApi.Shipment>> shipments,

        @Many(source = "products", via = "order.lines", key = "sku")
        List<ProductName> products) {

    record ProductName(String sku, String name) {}
}
