package dev.freehold.acceptance.faults.services;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * An order was billed.
 *
 * @param number counts the invoices of the customer in the order of their commits, from 1
 */
@OutboxEvent(type = "faults.invoice-issued", topic = "invoices")
record InvoiceIssued(@EventKey String customer, long number, UUID orderId, BigDecimal total) {}
