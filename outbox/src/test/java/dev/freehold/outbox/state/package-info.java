/** States of entities, as users publish them. */
@NullMarked
package dev.freehold.outbox.state;

import org.jspecify.annotations.NullMarked;
