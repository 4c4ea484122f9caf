/** What happens to outbox and inbox while processes, brokers and databases die. */
@NullMarked
package dev.freehold.outbox.faults;

import org.jspecify.annotations.NullMarked;
