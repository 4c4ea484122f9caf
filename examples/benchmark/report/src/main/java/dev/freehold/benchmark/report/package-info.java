/** The figures of a benchmark: quantiles of times, and tables and files of what the repetitions gave. */
@NullMarked
package dev.freehold.benchmark.report;

import org.jspecify.annotations.NullMarked;
