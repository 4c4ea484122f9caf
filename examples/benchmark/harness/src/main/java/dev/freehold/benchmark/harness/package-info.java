/** Starts the servers and the contestants' processes, measures and reports. */
@NullMarked
package dev.freehold.benchmark.harness;

import org.jspecify.annotations.NullMarked;
