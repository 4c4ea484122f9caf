/** API composition side by side with other ways to do it: contestants, services to ask, scenarios and their figures. */
@NullMarked
package dev.freehold.benchmark.composition;

import org.jspecify.annotations.NullMarked;
