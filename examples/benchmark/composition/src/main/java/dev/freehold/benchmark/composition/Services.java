package dev.freehold.benchmark.composition;

import java.util.Collection;
import java.util.List;

/** What other teams' services know. Each method is one call, with distinct keys, and gives the rows that there are. */
interface Services {

    List<Customer> customers(Collection<Long> ids);

    List<Address> addresses(Collection<Long> ids);

    /** Those of an order one after the other. */
    List<Shipment> shipments(Collection<Long> orderIds);

    List<Product> products(Collection<String> skus);
}
