package dev.freehold.shop.orders;

import dev.freehold.composition.Source;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** What this service asks the customer service. */
interface CustomerApi {

    @Source(name = "customers", id = "id", maxBatch = 100)
    @PostExchange("/customers/search")
    List<Customer> byIds(@RequestBody Set<Long> ids);

    record Customer(long id, String name) {}
}
