/** Tests of what is deployed beside services. */
@NullMarked
package dev.freehold.deploy;

import org.jspecify.annotations.NullMarked;
