/** Repositories that are sources themselves, in a package of their own: it is scanned. */
@NullMarked
package dev.freehold.composition.sources.repository;

import org.jspecify.annotations.NullMarked;
