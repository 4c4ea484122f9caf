package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.OutboxDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Handled messages are found in whatever part of the table they are, by an index. */
class PostgresAwaitedTests {

    private static final String CONSUMER = "bookings";
    private static final Duration TURN = Duration.ofDays(3);

    private final OutboxDatabase database = OutboxDatabase.postgres(4);
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    private final PostgresInboxStore store =
            new PostgresInboxStore(database.dataSource(), new InboxParts(TURN, Duration.ofDays(8)));

    @AfterEach
    void drop() {
        database.close();
    }

    private static List<Awaited> awaited(List<UUID> ids) {
        return ids.stream().map(id -> new Awaited(CONSUMER, id)).toList();
    }

    private static UUID madeBefore(Duration age) {
        return Published.idMadeAt(Instant.now().minus(age).toEpochMilli());
    }

    private void note(List<UUID> ids) {
        transaction.executeWithoutResult(status -> store.note(CONSUMER, ids));
    }

    /** Made now, long ago, by clocks that are ahead, and without time; delivered for the first or the second time. */
    @Test
    void areFoundThoughTheirHomeHasBeenEmptiedSince() {
        List<UUID> ids = List.of(
                madeBefore(TURN),
                madeBefore(TURN.multipliedBy(5)),
                madeBefore(TURN.multipliedBy(-3)),
                UUID.randomUUID(),
                UUID.fromString("a8098c1a-f86e-51da-bd1a-00112444be1e"));
        note(ids);
        assertAreHandled(ids);
        int present = InboxParts.partOf(Instant.now().toEpochMilli() / TURN.toMillis());
        for (int part = 0; part < InboxParts.COUNT; part++) {
            if (part != present) {
                jdbc.sql("TRUNCATE inbox_message_" + part).update();
            }
        }
        assertAreHandled(ids);
        note(ids);
        assertAreHandled(ids);
    }

    private void assertAreHandled(List<UUID> ids) {
        Map<Awaited, Awaited.Fate> found = store.look(awaited(ids));
        assertThat(found)
                .hasSize(ids.size())
                .allSatisfy((one, fate) -> assertThat(fate).isEqualTo(Awaited.Fate.HANDLED));
        assertThat(store.look(List.of(new Awaited("mails", ids.get(0))))).isEmpty();
        assertThat(store.look(awaited(List.of(madeBefore(TURN), UUID.randomUUID()))))
                .isEmpty();
    }

    /** While turns of a fraction of a second pass, ids of all kinds are noted, looked for, and forgotten. */
    @Test
    void areFoundInEveryTurnForAsLongAsTheyAreKept() throws SQLException {
        Duration turn = Duration.ofMillis(200);
        Duration retention = turn.multipliedBy(8);
        PostgresInboxStore fast = new PostgresInboxStore(database.dataSource(), new InboxParts(turn, retention));
        Random random = new Random(11);
        long end = System.nanoTime() + turn.multipliedBy(2L * InboxParts.COUNT).toNanos();
        int looked = 0;
        while (System.nanoTime() < end || looked < 100) {
            List<UUID> ids = List.of(
                    madeBefore(Duration.ZERO),
                    madeBefore(turn.multipliedBy(1 + random.nextInt(7))),
                    madeBefore(turn.multipliedBy(-1 - random.nextInt(3))),
                    UUID.randomUUID());
            Instant before = Instant.now();
            transaction.executeWithoutResult(status -> fast.note(CONSUMER, ids));
            fast.emptyOldParts();
            Map<Awaited, Awaited.Fate> found = fast.look(awaited(ids));
            if (Instant.now().isBefore(before.plus(retention))) {
                assertThat(found).hasSize(ids.size());
                looked++;
            }
        }
    }

    @Test
    void areFoundThroughTheIndexesHoweverManyThereAre() throws SQLException {
        jdbc.sql("""
                        INSERT INTO inbox_message (part, consumer, id)
                        SELECT n % 13, CASE WHEN n % 2 = 0 THEN 'bookings' ELSE 'mails' END, gen_random_uuid()
                        FROM generate_series(1, 200000) n
                        """).update();
        jdbc.sql("""
                        INSERT INTO inbox_parked (consumer, topic, partition, "offset", key, id, headers, cause)
                        SELECT 'bookings', 'orders', 0, n, 'key' || n, gen_random_uuid(), '', '' FROM generate_series(1, 20000) n
                        """).update();
        List<UUID> noted = List.of(madeBefore(Duration.ZERO), madeBefore(TURN), UUID.randomUUID());
        note(noted);
        List<Awaited> unknown = awaited(unknown(10));
        List<Awaited> many =
                awaited(Stream.concat(noted.stream(), unknown(5_000).stream()).toList());
        SingleConnectionDataSource session =
                new SingleConnectionDataSource(database.dataSource().getConnection(), true);
        PostgresInboxStore looking = new PostgresInboxStore(session, new InboxParts(TURN, Duration.ofDays(8)));
        JdbcClient counters = JdbcClient.create(session);
        for (boolean analyzed : new boolean[] {false, true}) {
            if (analyzed) {
                jdbc.sql("ANALYZE inbox_message, inbox_parked").update();
            }
            long scansBefore = scans(counters);
            for (int round = 0; round < 12; round++) { // the server makes a plan for all parameters after some rounds
                long before = blocksRead(counters);
                assertThat(looking.look(unknown)).isEmpty();
                assertThat(blocksRead(counters) - before)
                        .as("blocks that one look at ten new messages touches, analyzed: %s", analyzed)
                        .isBetween(10L, 100L);
                assertThat(looking.look(awaited(noted))).hasSize(noted.size());
                assertThat(looking.look(many)).hasSize(noted.size());
            }
            assertThat(scans(counters) - scansBefore)
                    .as("scans of tables, analyzed: %s", analyzed)
                    .isZero();
        }
        session.destroy();
    }

    private static List<UUID> unknown(int number) {
        return IntStream.range(0, number)
                .mapToObj(n -> madeBefore(Duration.ZERO))
                .toList();
    }

    private static long scans(JdbcClient jdbc) {
        jdbc.sql("SELECT pg_stat_force_next_flush()").query().singleRow();
        return jdbc.sql("SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname LIKE 'inbox_%'")
                .query(Long.class)
                .single();
    }

    private static long blocksRead(JdbcClient jdbc) {
        jdbc.sql("SELECT pg_stat_force_next_flush()").query().singleRow();
        return jdbc.sql("""
                        SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)
                        FROM pg_statio_user_tables WHERE relname LIKE 'inbox_%'
                        """).query(Long.class).single();
    }
}
