package dev.freehold.outbox;

import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store that reads the log in one of the ways that look right and are not. */
final class WrongReader extends ForwardingStore {

    /** On from the highest position that was read, as if positions were drawn in the order of commits. */
    static final String BY_POSITION = """
            SELECT tx, position, id, aggregatetype, aggregateid FROM outbox_event
            WHERE position > :position AND :tx IS NOT NULL
            ORDER BY position LIMIT :limit
            """;

    /** Behind the oldest open transaction, so nothing is lost, in the order of transaction ids. */
    static final String BY_TRANSACTION = """
            SELECT tx, position, id, aggregatetype, aggregateid FROM outbox_event
            WHERE (tx, position) > (CAST(:tx AS xid8), :position) AND tx < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY tx, position LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final String sql;
    private String tx = "0";
    private long position;

    WrongReader(DataSource dataSource, String sql) {
        super(new PostgresOutboxStore(dataSource));
        this.jdbc = JdbcClient.create(dataSource);
        this.sql = sql;
    }

    @Override
    public Page read(Lease lease, Progress from, PageLimit limit) {
        List<StoredEvent> read = jdbc.sql(sql)
                .param("tx", tx)
                .param("position", position)
                .param("limit", limit.events())
                .query((row, n) -> {
                    tx = row.getString("tx");
                    position = row.getLong("position");
                    return new StoredEvent(
                            row.getObject("id", UUID.class),
                            row.getString("aggregatetype"),
                            row.getString("aggregateid"),
                            "",
                            1,
                            new byte[0],
                            null,
                            java.time.Instant.EPOCH);
                })
                .list();
        return new Page(
                read,
                new long[read.size()],
                read.isEmpty() ? from : after((LogProgress) from),
                read.size() == limit.events());
    }

    private LogProgress after(LogProgress from) {
        return from.after(from.seen(), position);
    }
}
