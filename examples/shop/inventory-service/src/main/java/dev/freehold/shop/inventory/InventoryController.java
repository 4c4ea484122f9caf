package dev.freehold.shop.inventory;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Products and shipments over HTTP, by many keys at once: what another service needs to show them beside its own data. */
@RestController
class InventoryController {

    private final Inventory inventory;
    private final Shipping shipping;

    InventoryController(Inventory inventory, Shipping shipping) {
        this.inventory = inventory;
        this.shipping = shipping;
    }

    @PostMapping("/products/search")
    List<Product> products(@RequestBody Set<String> skus) {
        return inventory.find(skus);
    }

    @PostMapping("/shipments/search")
    List<Shipment> shipments(@RequestBody Set<UUID> orders) {
        return shipping.ofOrders(orders);
    }
}
