/**
 * For the tests of services: event flows in memory, faults for consumers, and waiting for a relay. Needs no test framework.
 */
@NullMarked
package dev.freehold.outbox.test;

import org.jspecify.annotations.NullMarked;
