/** The contestant Namastack Outbox. */
@NullMarked
package dev.freehold.benchmark.namastack;

import org.jspecify.annotations.NullMarked;
