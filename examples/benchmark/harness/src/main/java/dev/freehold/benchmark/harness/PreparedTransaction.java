package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Surroundings;
import java.sql.SQLException;

/** A transaction that a service has prepared; it is rolled back if it is not committed, or the database could not be dropped. */
final class PreparedTransaction implements AutoCloseable {

    static final String NAME = "benchmark";

    private final Surroundings surroundings;
    private boolean committed;

    PreparedTransaction(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void commit() throws SQLException {
        Servers.execute(surroundings, "COMMIT PREPARED '" + NAME + "'");
        committed = true;
    }

    @Override
    public void close() throws SQLException {
        if (!committed) {
            Servers.execute(surroundings, "ROLLBACK PREPARED '" + NAME + "'");
        }
    }
}
