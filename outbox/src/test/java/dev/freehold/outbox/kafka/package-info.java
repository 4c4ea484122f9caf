/** Tests of Kafka as the outbox's transport. */
@NullMarked
package dev.freehold.outbox.kafka;

import org.jspecify.annotations.NullMarked;
