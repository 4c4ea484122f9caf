/** Keyed joins over services' APIs: views that are composed of what several sources answer. */
@NullMarked
package dev.freehold.composition;

import org.jspecify.annotations.NullMarked;
