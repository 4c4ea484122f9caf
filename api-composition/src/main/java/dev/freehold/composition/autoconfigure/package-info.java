/** Spring Boot auto-configuration: finds sources and views, and makes the views injectable. */
@NullMarked
package dev.freehold.composition.autoconfigure;

import org.jspecify.annotations.NullMarked;
