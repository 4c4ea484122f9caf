package dev.freehold.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Looks for messages in PostgreSQL.
 *
 * <ol>
 *   <li>Each id is looked for in its home part and among the parked messages. {@code LIMIT} keeps the planner from joining whole
 *       tables: each is found through its index, in one part.
 *   <li>What its home does not have and is not of the present turn is looked for in the other parts, since its home may have been
 *       emptied since it was noted; see {@link InboxParts}.
 * </ol>
 */
final class PostgresAwaited {

    private static final String AT_HOME = """
            SELECT t.number, m.handled, p.parked,
                   floor(extract(epoch FROM clock_timestamp()) * 1000 / :turn)::bigint AS turn
            FROM unnest(:parts, :consumers, :ids) WITH ORDINALITY AS t (part, consumer, id, number)
            LEFT JOIN LATERAL (SELECT true AS handled FROM inbox_message m
                               WHERE m.part = t.part AND m.consumer = t.consumer AND m.id = t.id LIMIT 1) m ON true
            LEFT JOIN LATERAL (SELECT true AS parked FROM inbox_parked p
                               WHERE p.consumer = t.consumer AND p.id = t.id LIMIT 1) p ON true
            """;

    private static final String ELSEWHERE = """
            SELECT t.number
            FROM unnest(:parts, :consumers, :ids) WITH ORDINALITY AS t (part, consumer, id, number)
            CROSS JOIN LATERAL (SELECT true FROM inbox_message m
                                WHERE m.consumer = t.consumer AND m.id = t.id AND m.part <> t.part LIMIT 1) m
            """;

    private final JdbcClient jdbc;
    private final InboxParts parts;

    PostgresAwaited(JdbcClient jdbc, InboxParts parts) {
        this.jdbc = jdbc;
        this.parts = parts;
    }

    Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
        List<Home> homes = statement(AT_HOME, awaited)
                .param("turn", parts.turn().toMillis())
                .query((row, n) -> home(awaited, row))
                .list();
        Map<Awaited, Awaited.Fate> found = new HashMap<>();
        homes.stream()
                .filter(home -> home.fate() != null)
                .forEach(home -> found.put(home.awaited(), Objects.requireNonNull(home.fate())));
        List<Awaited> others = homes.stream()
                .filter(home -> found.get(home.awaited()) != Awaited.Fate.HANDLED)
                .filter(home -> parts.turnOf(home.awaited().id()) != home.turn())
                .map(Home::awaited)
                .toList();
        if (!others.isEmpty()) {
            statement(ELSEWHERE, others)
                    .query((row, n) -> others.get(row.getInt("number") - 1))
                    .list()
                    .forEach(handled -> found.put(handled, Awaited.Fate.HANDLED));
        }
        return found;
    }

    private StatementSpec statement(String sql, List<Awaited> awaited) {
        return jdbc.sql(sql)
                .param("parts", array("int2", awaited, one -> parts.homeOf(one.id())))
                .param("consumers", array("text", awaited, Awaited::consumer))
                .param("ids", array("uuid", awaited, Awaited::id));
    }

    private static SqlArrayValue array(String type, List<Awaited> awaited, Function<Awaited, Object> value) {
        return new SqlArrayValue(type, awaited.stream().map(value).toArray());
    }

    /** A message that is parked when it comes again has been handled all the same. */
    private static Home home(List<Awaited> awaited, ResultSet row) throws SQLException {
        Awaited.Fate fate = null;
        if (row.getBoolean("handled")) {
            fate = Awaited.Fate.HANDLED;
        } else if (row.getBoolean("parked")) {
            fate = Awaited.Fate.PARKED;
        }
        return new Home(awaited.get(row.getInt("number") - 1), fate, row.getLong("turn"));
    }

    /**
     * What is known at its home.
     *
     * @param fate null if nothing is known
     * @param turn the present one
     */
    private record Home(Awaited awaited, Awaited.@org.jspecify.annotations.Nullable Fate fate, long turn) {}
}
