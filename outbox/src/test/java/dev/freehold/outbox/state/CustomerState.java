package dev.freehold.outbox.state;

import java.util.List;

/** What others see of a customer. */
record CustomerState(long id, long version, String name, List<String> tags, List<String> cities) {

    static final String UNPUBLISHABLE = "nobody";

    CustomerState {
        if (name.equals(UNPUBLISHABLE)) {
            throw new IllegalStateException("not for others");
        }
    }

    CustomerState(Customer customer) {
        this(
                customer.id,
                customer.version,
                customer.name,
                customer.tags.stream().sorted().toList(),
                customer.addresses.stream()
                        .map(address -> address.city)
                        .sorted()
                        .toList());
    }
}
