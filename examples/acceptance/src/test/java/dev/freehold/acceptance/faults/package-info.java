/**
 * Complete services in JVMs of their own, real servers, and everything that happens to them in production at once: what was
 * committed is published, billed and in order, or these tests say what is not.
 */
@NullMarked
package dev.freehold.acceptance.faults;

import org.jspecify.annotations.NullMarked;
