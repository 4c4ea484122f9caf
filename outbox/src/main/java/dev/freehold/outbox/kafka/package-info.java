/** Kafka as the outbox's transport and the inbox's source; the only package of the module that needs Kafka. */
@NullMarked
package dev.freehold.outbox.kafka;

import org.jspecify.annotations.NullMarked;
