/** An application of its own, which asks another service over HTTP. */
@NullMarked
package dev.freehold.servicetest;

import org.jspecify.annotations.NullMarked;
