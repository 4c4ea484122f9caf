package dev.freehold.shop.orders;

import dev.freehold.composition.Source;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** What this service asks the inventory service. */
interface InventoryApi {

    @Source(name = "products", id = "sku", cache = "products", freshFor = "1m", staleFor = "10m", forEverybody = true)
    @PostExchange("/products/search")
    List<Product> products(@RequestBody Set<String> skus);

    @Source(name = "shipments", groupBy = "orderId", maxBatch = 200, heedsToken = true)
    @PostExchange("/shipments/search")
    List<Shipment> shipments(@RequestBody Set<UUID> orders);

    record Product(String sku, String name, int stock) {}

    record Shipment(long number, UUID orderId, Instant sentAt) {}
}
