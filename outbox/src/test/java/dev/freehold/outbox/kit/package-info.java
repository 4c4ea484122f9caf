/** The test kit, as users have it. */
@NullMarked
package dev.freehold.outbox.kit;

import org.jspecify.annotations.NullMarked;
