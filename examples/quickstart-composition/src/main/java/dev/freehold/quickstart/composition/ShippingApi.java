package dev.freehold.quickstart.composition;

import dev.freehold.composition.Source;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** The shipping service's API. */
interface ShippingApi {

    @Source(name = "shipments", groupBy = "orderId", maxBatch = 200)
    @PostExchange("/shipments/search")
    List<Shipment> forOrders(@RequestBody Set<Long> orderIds);

    record Shipment(String parcel, long orderId, String state) {}
}
