package dev.freehold.benchmark.harness;

import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.benchmark.report.Results;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What it takes to handle messages of which each is delivered one to five times: they are in the topic when a consumer with
 * one thread starts. The first fifth of the deliveries warms it up. At the end every message must have been handled.
 */
record Consumption(Settings settings, Servers servers, Results results) implements OneByOne.Measurement {

    /** Many polls, or there is nothing to measure. */
    private static final int FEWEST = 4_000;

    private static final String CREATE_BILLS = """
            CREATE TABLE bill (number INT PRIMARY KEY, handled INT NOT NULL)
            """;

    private static final String FILL_BILLS = """
            INSERT INTO bill (number, handled) SELECT number, 0 FROM generate_series(0, %d) AS number
            """;

    private static final String EFFECTS = """
            SELECT count(*) FILTER (WHERE handled = 0), count(*) FILTER (WHERE handled > 1) FROM bill
            """;

    @Override
    public void measure(Entrant entrant) throws Exception {
        int messages = Math.max(FEWEST, settings.backlog(entrant));
        Surroundings surroundings = servers.fresh(entrant, messages / 10);
        try {
            Servers.execute(surroundings, CREATE_BILLS, FILL_BILLS.formatted(messages - 1));
            int deliveries = Deliveries.send(messages, surroundings);
            try (ContestantJvm consumer = ContestantJvm.launch(entrant, surroundings);
                    ConsumerGroup group = servers.consumers(surroundings)) {
                consumer.prepare();
                servers.settle(surroundings);
                consumer.start(Role.CONSUMER);
                Reading warm = read(group.await(deliveries / 5), consumer);
                Reading end = read(group.await(deliveries), consumer);
                report(entrant, messages, deliveries, warm, end);
                consumer.stop();
            }
            reportEffects(entrant, surroundings);
        } finally {
            servers.discard(surroundings);
        }
    }

    private Reading read(long handled, ContestantJvm consumer) {
        return new Reading(
                handled, System.nanoTime(), CpuTime.of(consumer.pid()), servers.postgresCpu(), servers.kafkaCpu());
    }

    private void report(Entrant entrant, int messages, int deliveries, Reading from, Reading to) {
        double millis = (to.nanoTime - from.nanoTime) / 1e6;
        long measured = to.handled - from.handled;
        int share = Math.toIntExact(measured * messages / deliveries);
        double consumer = to.consumer.since(from.consumer).microsPer(share);
        double postgres = to.postgres.since(from.postgres).microsPer(share);
        double kafka = to.kafka.since(from.kafka).microsPer(share);
        results.add(entrant, "time of a message", "ms", millis / share);
        results.add(entrant, "time of a delivery", "ms", millis / measured);
        results.add(entrant, "deliveries of a message", "deliveries", (double) deliveries / messages);
        results.add(entrant, "CPU", "µs/message", consumer + postgres + kafka);
        results.add(entrant, "CPU of the consumer", "µs/message", consumer);
        results.add(entrant, "CPU of PostgreSQL", "µs/message", postgres);
        results.add(entrant, "CPU of Kafka", "µs/message", kafka);
    }

    private void reportEffects(Entrant entrant, Surroundings surroundings) throws SQLException {
        try (Connection connection = Servers.connect(surroundings);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(EFFECTS)) {
            row.next();
            if (row.getInt(1) > 0) {
                throw new IllegalStateException(row.getInt(1) + " messages were not handled");
            }
            results.add(entrant, "messages that were handled again", "messages", row.getInt(2));
        }
    }

    private record Reading(long handled, long nanoTime, CpuTime consumer, CpuTime postgres, CpuTime kafka) {}
}
