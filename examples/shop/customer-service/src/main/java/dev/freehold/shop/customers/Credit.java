package dev.freehold.shop.customers;

import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Reserves credit for placed orders, once each, and answers the order service. */
@Component
class Credit {

    private static final Logger log = LoggerFactory.getLogger(Credit.class);

    private final Customers customers;
    private final Outbox outbox;

    Credit(Customers customers, Outbox outbox) {
        this.customers = customers;
        this.outbox = outbox;
    }

    /** The inbox's note, the reservation and the answer are stored in one transaction. */
    @InboxListener(topic = "orders", type = "orders.order-placed")
    void on(OrderPlaced order) {
        requireDecision(order.customerId());
        if (customers.reserve(order.customerId(), order.orderId(), order.total())) {
            outbox.publish(new CreditReserved(order.orderId(), order.customerId(), order.total()));
            log.info("Reserved {} of customer {} for order {}", order.total(), order.customerId(), order.orderId());
        } else {
            String reason = whyNot(order);
            outbox.publish(new CreditRejected(order.orderId(), order.customerId(), reason));
            log.info("Reserved nothing for order {}: {}", order.orderId(), reason);
        }
    }

    /** Without a credit limit neither answer is right: the order waits, parked, until somebody has seen to it. */
    private void requireDecision(long customer) {
        if (customers.find(customer).filter(it -> it.creditLimit() == null).isPresent()) {
            throw new IllegalStateException("nobody has decided on the credit of customer " + customer);
        }
    }

    private String whyNot(OrderPlaced order) {
        return customers
                .find(order.customerId())
                .map(customer -> "the order is over the credit that is left, " + customer.available())
                .orElse("there is no customer " + order.customerId());
    }
}
