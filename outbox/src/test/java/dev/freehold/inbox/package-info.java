/** Tests of the inbox. */
@NullMarked
package dev.freehold.inbox;

import org.jspecify.annotations.NullMarked;
