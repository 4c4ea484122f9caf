package dev.freehold.shop.orders;

import dev.freehold.composition.KeySource;
import dev.freehold.composition.Source;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What this service asks the customer service. */
interface CustomerApi {

    @Source(name = "customers", id = "id", maxBatch = 100, heedsToken = true)
    @PostExchange("/customers/search")
    List<Customer> byIds(@RequestBody Set<Long> ids);

    /** Whose name begins like that. */
    @KeySource(source = "customers", maxKeys = 500)
    @GetExchange("/customers/ids")
    Set<Long> idsByName(@RequestParam String name, @RequestParam int limit);

    /** Of a customer's orders, the customer service counts those that it has heard of. */
    record Customer(long id, String name, int orders) {}
}
