/** Mistakes in the use and the set-up of outbox and inbox: each is refused where it is made, and the fix is named. */
@NullMarked
package dev.freehold.outbox.wiring;

import org.jspecify.annotations.NullMarked;
