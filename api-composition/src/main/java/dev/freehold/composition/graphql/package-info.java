/** Sources as batch loaders of Spring for GraphQL, and what is unavailable as errors of single fields. */
@NullMarked
package dev.freehold.composition.graphql;

import org.jspecify.annotations.NullMarked;
