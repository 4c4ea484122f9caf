package dev.freehold.benchmark;

/**
 * A transactional outbox, or an inbox, that takes part in the benchmark: a public class with a public constructor without parameters.
 *
 * <p>Each contestant runs in processes of its own, with its own class path, against the same PostgreSQL and Kafka.
 */
public interface Contestant {

    /** Creates what outbox and inbox need in the fresh database, which already has what the business needs. */
    void prepare(Surroundings surroundings) throws Exception;

    /** Starts a service in a role that this contestant takes; it has started when this returns. */
    Service start(Role role, Surroundings surroundings) throws Exception;
}
