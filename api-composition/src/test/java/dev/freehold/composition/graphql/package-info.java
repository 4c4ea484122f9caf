/** A real service with Spring for GraphQL. */
@NullMarked
package dev.freehold.composition.graphql;

import org.jspecify.annotations.NullMarked;
