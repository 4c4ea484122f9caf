/** Two services as their JVMs see them: orders, which are placed all the time, and the billing of them. */
@NullMarked
package dev.freehold.acceptance.faults.services;

import org.jspecify.annotations.NullMarked;
