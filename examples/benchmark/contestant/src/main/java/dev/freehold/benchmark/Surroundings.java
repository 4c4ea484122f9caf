package dev.freehold.benchmark;

import java.util.List;

/**
 * The servers of a run.
 *
 * @param jdbcUrl PostgreSQL, a database of the run's own
 * @param bootstrapServers Kafka
 * @param topic where events are to arrive, keyed by {@link Order#key()}, the value being its JSON
 * @param keys how many keys the events have, a multiple of four
 */
public record Surroundings(
        String jdbcUrl, String user, String password, String bootstrapServers, String topic, int keys) {

    private static final String PREFIX = "benchmark.";

    /** Reads the system properties which {@link #toProperties()} wrote. */
    public static Surroundings fromProperties() {
        return new Surroundings(
                property("jdbcUrl"),
                property("user"),
                property("password"),
                property("bootstrap"),
                property("topic"),
                Integer.parseInt(property("keys")));
    }

    /** The JVM options which hand these surroundings to another process. */
    public List<String> toProperties() {
        return List.of(
                "-D" + PREFIX + "jdbcUrl=" + jdbcUrl,
                "-D" + PREFIX + "user=" + user,
                "-D" + PREFIX + "password=" + password,
                "-D" + PREFIX + "bootstrap=" + bootstrapServers,
                "-D" + PREFIX + "topic=" + topic,
                "-D" + PREFIX + "keys=" + keys);
    }

    private static String property(String name) {
        String value = System.getProperty(PREFIX + name);
        if (value == null) {
            throw new IllegalStateException("-D" + PREFIX + name + " is missing");
        }
        return value;
    }
}
