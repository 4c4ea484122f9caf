package dev.freehold.benchmark;

/**
 * A transactional outbox that takes part in the benchmark: a public class with a public constructor without parameters.
 *
 * <p>Each contestant runs in processes of its own, with its own class path, against the same PostgreSQL and Kafka.
 */
public interface Contestant {

    /** Creates what the outbox needs in the fresh database, which already has the table {@code account}. */
    void prepare(Surroundings surroundings) throws Exception;

    /** Starts a service that uses this outbox; it has started when this returns. */
    Service start(Role role, Surroundings surroundings) throws Exception;
}
