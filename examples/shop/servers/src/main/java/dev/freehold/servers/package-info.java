/** PostgreSQL and Kafka for trying the examples; not for production. */
@NullMarked
package dev.freehold.servers;

import org.jspecify.annotations.NullMarked;
