/** An application of its own, whose packages are scanned. */
@NullMarked
package dev.freehold.compositiontest;

import org.jspecify.annotations.NullMarked;
