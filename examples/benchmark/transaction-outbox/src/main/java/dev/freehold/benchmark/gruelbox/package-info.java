/** The contestant transaction-outbox. */
@NullMarked
package dev.freehold.benchmark.gruelbox;

import org.jspecify.annotations.NullMarked;
