package dev.freehold.outbox.kafka;

import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxException;
import dev.freehold.outbox.OutboxException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares how long topics keep messages with how long the inbox recognises them. */
final class TopicRetention {

    private static final Logger log = LoggerFactory.getLogger(KafkaInbox.class);

    private TopicRetention() {}

    /**
     * @throws InboxException if a message may come again when its id has been forgotten
     */
    static void check(Map<String, ?> properties, Collection<InboxConsumer> consumers) {
        try (KafkaBroker broker = new KafkaBroker(properties)) {
            for (InboxConsumer consumer : consumers) {
                if (!consumer.retention().isZero()) {
                    consumer.topics().forEach(topic -> check(broker, consumer, topic));
                }
            }
        } catch (OutboxException e) {
            log.warn(
                    "Kafka did not tell how long its topics keep messages, so that was not compared with the inbox's"
                            + " retention: {}",
                    e.toString());
        }
    }

    private static void check(KafkaBroker broker, InboxConsumer consumer, String topic) {
        Optional<Duration> kept = broker.retention(topic);
        if (kept.isPresent() && (kept.get().isZero() || kept.get().compareTo(consumer.retention()) > 0)) {
            throw new InboxException(
                    "Topic '%s' keeps messages %s, and the inbox their ids for %s: a message that comes again after that would be handled again."
                            .formatted(topic, text(kept.get()), text(consumer.retention())),
                    "Set freehold.inbox.retention to at least that, 30 days at most, or to 0 to keep ids for ever; or lower the topic's retention.ms.");
        }
    }

    private static String text(Duration kept) {
        return kept.isZero() ? "for ever" : kept.toDays() > 0 ? kept.toDays() + " days" : kept.toString();
    }
}
