package dev.freehold.inbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Looks for messages in MariaDB and H2: in one statement, through the indexes that begin with the consumer. */
final class QueueAwaited {

    private static final String OF_ONE_CONSUMER = """
            SELECT consumer, id, 1 AS handled FROM inbox_message WHERE consumer = :consumer%1$d AND id IN (:ids%1$d)
            UNION ALL
            SELECT consumer, id, 0 AS handled FROM inbox_parked WHERE consumer = :consumer%1$d AND id IN (:ids%1$d)
            """;

    private final JdbcClient jdbc;

    QueueAwaited(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Map<Awaited, Awaited.Fate> look(List<Awaited> awaited) {
        Map<Awaited, Awaited.Fate> found = new HashMap<>();
        statement(awaited)
                .query((row, n) -> Map.entry(
                        new Awaited(row.getString("consumer"), UUID.fromString(row.getString("id"))),
                        row.getInt("handled") == 1 ? Awaited.Fate.HANDLED : Awaited.Fate.PARKED))
                .list()
                .forEach(one -> found.merge(one.getKey(), one.getValue(), QueueAwaited::better));
        return found;
    }

    /** A message that is parked when it comes again has been handled all the same. */
    private static Awaited.Fate better(Awaited.Fate one, Awaited.Fate other) {
        return one == Awaited.Fate.HANDLED ? one : other;
    }

    private StatementSpec statement(List<Awaited> awaited) {
        List<Map.Entry<String, List<String>>> consumers = awaited.stream()
                .collect(Collectors.groupingBy(
                        Awaited::consumer, Collectors.mapping(one -> one.id().toString(), Collectors.toList())))
                .entrySet()
                .stream()
                .toList();
        StatementSpec statement = jdbc.sql(IntStream.range(0, consumers.size())
                .mapToObj(OF_ONE_CONSUMER::formatted)
                .collect(Collectors.joining("UNION ALL\n")));
        for (int n = 0; n < consumers.size(); n++) {
            statement = statement
                    .param("consumer" + n, consumers.get(n).getKey())
                    .param("ids" + n, consumers.get(n).getValue());
        }
        return statement;
    }
}
