package dev.freehold.shop.inventory;

/** What can be ordered, and how much of it there is. */
record Product(String sku, String name, int stock) {}
