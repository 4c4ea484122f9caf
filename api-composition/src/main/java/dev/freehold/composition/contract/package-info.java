/** Checks in a consumer's build that what services say about their answers still fits the rows that they are read into. */
@NullMarked
package dev.freehold.composition.contract;

import org.jspecify.annotations.NullMarked;
