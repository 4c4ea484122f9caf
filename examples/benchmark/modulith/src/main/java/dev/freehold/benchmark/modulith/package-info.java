/** The contestant Spring Modulith. */
@NullMarked
package dev.freehold.benchmark.modulith;

import org.jspecify.annotations.NullMarked;
