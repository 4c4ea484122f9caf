/** The customer service: knows customers, and reserves their credit for orders. */
@NullMarked
package dev.freehold.shop.customers;

import org.jspecify.annotations.NullMarked;
