package dev.freehold.acceptance.faults;

import static org.awaitility.Awaitility.await;

import dev.freehold.outbox.kafka.Delivery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two services of two instances each, their servers, and a reader of all topics. Customers order from the start until
 * {@link #audit}.
 */
final class Landscape implements AutoCloseable {

    static final int INSTANCES = 2;
    static final Duration LEASE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Landscape.class);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final int SOME_EVENTS = 20;
    private static final String CLOSE_SHOP = "UPDATE shop SET open = false";
    private static final String ORDERS = "SELECT count(*) FROM orders";
    private static final String INVOICES = "SELECT count(*) FROM invoice";

    /** How far the time of an event, which the library took from a clock, is from that of its row, in seconds. */
    private static final String ERROR_OF_ORDERS = """
            SELECT max(extract(epoch FROM e.created_at - r.stored_at)) FROM outbox_event e JOIN orders r ON r.event_id = e.id
            """;

    private static final String ERROR_OF_INVOICES = """
            SELECT min(extract(epoch FROM e.created_at - r.stored_at)) FROM outbox_event e JOIN invoice r ON r.event_id = e.id
            """;

    private final Servers servers;
    private final Services services;
    private final Reader reader;
    private final @Nullable HeldTransactions held;

    private Landscape(Servers servers, Conditions conditions) throws SQLException {
        this.servers = servers;
        services = Services.of(servers, conditions);
        reader = new Reader(servers.broker().bootstrapServers());
        held = conditions.transactionsHeld()
                ? HeldTransactions.open(
                        servers.orders().address(), servers.billing().address())
                : null;
    }

    /**
     * What holds for a whole run.
     *
     * @param delivery how both services publish
     * @param transactionsHeld whether transactions stay open in the databases
     * @param clocksApart whether one instance of each service has a clock that is five minutes ahead, or behind
     */
    record Conditions(Delivery delivery, boolean transactionsHeld, boolean clocksApart) {}

    static Landscape start(Conditions conditions) throws SQLException {
        Landscape landscape = new Landscape(Servers.start(), conditions);
        try {
            landscape.services.start();
            return landscape;
        } catch (RuntimeException e) {
            landscape.close();
            throw e;
        }
    }

    List<ServiceJvm> orders() {
        return services.orders();
    }

    List<ServiceJvm> billing() {
        return services.billing();
    }

    Servers servers() {
        return servers;
    }

    /** Waits until events of both services have come that were not there yet. */
    void awaitProgress() {
        long orders = reader.of("orders").count();
        long invoices = reader.of("invoices").count();
        await().atMost(LIMIT).until(() -> {
            services.all().forEach(ServiceJvm::reviveIfDead);
            if (held != null) {
                held.renew();
            }
            return reader.of("orders").count() > orders + SOME_EVENTS
                    && reader.of("invoices").count() > invoices + SOME_EVENTS;
        });
    }

    /** Ends the run in order, when everything has arrived or nothing comes any more, and judges it. */
    Audit audit() throws SQLException {
        servers.orders().jdbc().sql(CLOSE_SHOP).update();
        if (held != null) {
            held.close();
        }
        awaitArrivalOrSilence();
        services.terminate();
        reader.finish();
        return Audit.of(
                reader.of("orders").history(),
                reader.of("invoices").history(),
                servers.orders().jdbc(),
                servers.billing().jdbc());
    }

    private void awaitArrivalOrSilence() {
        Tally[] last = {tally()};
        long[] at = {System.nanoTime()};
        await().forever().until(() -> {
            services.all().forEach(ServiceJvm::reviveIfDead);
            Tally present = tally();
            if (!present.equals(last[0])) {
                last[0] = present;
                at[0] = System.nanoTime();
            }
            return present.isComplete() || System.nanoTime() - at[0] > SILENCE.toNanos();
        });
        log.info("{}", last[0]);
    }

    private Tally tally() {
        return new Tally(
                count(servers.orders(), ORDERS),
                reader.of("orders").distinct(),
                count(servers.billing(), INVOICES),
                reader.of("invoices").distinct());
    }

    private static long count(Database database, String sql) {
        return database.jdbc().sql(sql).query(Long.class).single();
    }

    /** How far everything has got. */
    private record Tally(long orders, long placed, long invoices, long issued) {

        boolean isComplete() {
            return placed >= orders && invoices >= orders && issued >= invoices;
        }
    }

    /** The longest time in which no order was published. */
    Duration longestSilence() {
        return reader.of("orders").longestSilence();
    }

    /** How far the events of orders were ahead of their time at most, in seconds. */
    double aheadOfTime() {
        return number(servers.orders(), ERROR_OF_ORDERS);
    }

    /** How far the events of invoices were behind their time at most, in seconds. */
    double behindTime() {
        return -number(servers.billing(), ERROR_OF_INVOICES);
    }

    private static double number(Database database, String sql) {
        return database.jdbc().sql(sql).query(Double.class).single();
    }

    /** How often an instance has ended by itself. */
    int deaths() {
        return services.all().mapToInt(ServiceJvm::deaths).sum();
    }

    @Override
    public void close() {
        services.close();
        reader.close();
        servers.close();
    }
}
