/** The order service: takes orders, and settles them by what the customer service answers. */
@NullMarked
package dev.freehold.shop.orders;

import org.jspecify.annotations.NullMarked;
