/** Tests of what only shows when all modules are together. */
@NullMarked
package dev.freehold.acceptance;

import org.jspecify.annotations.NullMarked;
