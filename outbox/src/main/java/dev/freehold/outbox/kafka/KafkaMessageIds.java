package dev.freehold.outbox.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Ids that Kafka records bring along. */
public final class KafkaMessageIds {

    private KafkaMessageIds() {}

    /** The id of a {@code ConsumerRecord}, by its headers or else by its place in the topic; empty for anything else. */
    public static Optional<String> of(Object message) {
        return message instanceof ConsumerRecord<?, ?> read ? Optional.of(InboxMessages.idOf(read)) : Optional.empty();
    }
}
