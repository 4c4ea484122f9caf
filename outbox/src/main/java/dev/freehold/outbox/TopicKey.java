package dev.freehold.outbox;

/** What events are ordered by: the key, in its topic. */
record TopicKey(String topic, String key) implements Comparable<TopicKey> {

    static TopicKey of(StoredEvent event) {
        return new TopicKey(event.topic(), event.key());
    }

    @Override
    public int compareTo(TopicKey other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : key.compareTo(other.key);
    }
}
