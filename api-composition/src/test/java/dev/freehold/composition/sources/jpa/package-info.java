/** Spring Data's repositories as sources, in a package of their own: it is scanned. */
@NullMarked
package dev.freehold.composition.sources.jpa;

import org.jspecify.annotations.NullMarked;
