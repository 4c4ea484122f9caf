/** Tests of the auto-configuration. */
@NullMarked
package dev.freehold.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
