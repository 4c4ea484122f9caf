/** The smallest service with a composed page. */
@NullMarked
package dev.freehold.quickstart.composition;

import org.jspecify.annotations.NullMarked;
