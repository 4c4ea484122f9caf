package dev.freehold.shop.customers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** A customer as clients see it, with the latest orders. */
record CustomerView(@JsonUnwrapped Customer customer, List<CustomerOrder> orders) {}
