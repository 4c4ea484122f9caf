/** The contestant Debezium: its embedded engine with the outbox event router. */
@NullMarked
package dev.freehold.benchmark.debezium;

import org.jspecify.annotations.NullMarked;
