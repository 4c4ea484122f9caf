/** Knows products and stock, and ships what is approved. */
@NullMarked
package dev.freehold.shop.inventory;

import org.jspecify.annotations.NullMarked;
