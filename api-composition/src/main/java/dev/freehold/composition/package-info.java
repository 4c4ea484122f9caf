/** Keyed joins over services' APIs. Nothing is here yet: the API composition comes with a later release. */
@NullMarked
package dev.freehold.composition;

import org.jspecify.annotations.NullMarked;
