package dev.freehold.outbox;

import java.util.Set;

/** What events are ordered by: the key, in its topic. */
record TopicKey(String topic, String key) implements Comparable<TopicKey> {

    static TopicKey of(StoredEvent event) {
        return new TopicKey(event.topic(), event.key());
    }

    /** Whether it is among these, or its whole topic is, which has the empty key. */
    boolean isParkedBy(Set<TopicKey> parked) {
        return parked.contains(this) || parked.contains(new TopicKey(topic, ""));
    }

    @Override
    public int compareTo(TopicKey other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : key.compareTo(other.key);
    }
}
