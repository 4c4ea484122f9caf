/** Tests of the outbox that need its inside. */
@NullMarked
package dev.freehold.outbox;

import org.jspecify.annotations.NullMarked;
