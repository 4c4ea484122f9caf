package dev.freehold.benchmark;

import java.sql.Connection;

/** A running service with an outbox, or an inbox; closing it stops its relay and lets go of its connections. */
public interface Service extends AutoCloseable {

    /** Runs the work in one transaction, on one connection, and returns after its commit. */
    void inTransaction(Work work) throws Exception;

    /** Whether its relay works now; false while another instance's does, where only one may. */
    default boolean isActive() {
        return true;
    }

    /** One that only consumes, until it is closed. */
    static Service consuming(AutoCloseable consumer) {
        return new Service() {
            @Override
            public void inTransaction(Work work) {
                throw new UnsupportedOperationException("a consumer runs no transactions for others");
            }

            @Override
            public void close() throws Exception {
                consumer.close();
            }
        };
    }

    /** What a business transaction does. */
    @FunctionalInterface
    interface Work {
        void run(Connection connection, Publisher publisher) throws Exception;
    }

    /** The outbox as the business code sees it, inside a transaction. */
    @FunctionalInterface
    interface Publisher {
        void publish(Order order) throws Exception;
    }
}
