/** Freehold's own outbox in the benchmark. */
@NullMarked
package dev.freehold.benchmark.freehold;

import org.jspecify.annotations.NullMarked;
