/** What every contestant of the benchmark is and does, and the process it runs in. */
@NullMarked
package dev.freehold.benchmark;

import org.jspecify.annotations.NullMarked;
