package dev.freehold.outbox.kafka;

/** How often a consumer may see an event. */
public enum Delivery {

    /**
     * At least once: fast, and visible at once to every consumer. After a crash some events are sent again, with the
     * same id and in the same order.
     */
    AT_LEAST_ONCE,

    /**
     * Once, for consumers with {@code isolation.level=read_committed}: events are sent in Kafka transactions, each with
     * the relay's progress, and a relay that lost its lease without noticing is fenced off by the broker. Costs some
     * milliseconds of latency, and needs a transactional id and a consumer group for each shard, named
     * {@code freehold-outbox} with the source and the shard behind it.
     */
    EXACTLY_ONCE
}
