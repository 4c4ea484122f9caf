package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.OutboxDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MariaDbInboxStoreTests extends QueueInboxStoreContract {

    private static final String NOTED =
            "INSERT INTO inbox_message (consumer, id, received_at) VALUES ('billing', ?, ?)";
    private static final long OLD = 1;
    private static final long NEW = Long.MAX_VALUE;

    MariaDbInboxStoreTests() {
        super(OutboxDatabase.mariaDb(8));
    }

    /** A listener that takes its time holds up neither the retention nor, through it, other consumers. */
    @Test
    void areForgottenWhileMessagesAreHandled() throws Exception {
        InboxStore store = InboxTables.store(database.dataSource(), Duration.ofDays(1));
        try (Connection handling = database.dataSource().getConnection();
                Connection other = database.dataSource().getConnection()) {
            for (int n = 0; n < 500; n++) {
                note(other, new UUID(0, n), OLD);
            }
            handling.setAutoCommit(false);
            note(handling, new UUID(1, 0), NEW);

            CompletableFuture<Integer> forgotten = CompletableFuture.supplyAsync(() -> emptyOldParts(store));
            try {
                assertThat(forgotten).succeedsWithin(Duration.ofSeconds(10));
            } finally {
                handling.rollback();
                forgotten.handle((done, failure) -> done).join();
            }
        }
    }

    private static int emptyOldParts(InboxStore store) {
        try {
            return store.emptyOldParts();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void note(Connection connection, UUID id, long time) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NOTED)) {
            insert.setString(1, id.toString());
            insert.setLong(2, time);
            insert.executeUpdate();
        }
    }
}
