package dev.freehold.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers of a run.
 *
 * @param jdbcUrl PostgreSQL, a database of the run's own
 * @param bootstrapServers Kafka
 * @param topic where events are to arrive, keyed by {@link Order#key()}, the value being its JSON
 * @param keys how many keys the events have, a multiple of four
 * @param producer properties that Kafka producers must have for the topic, mostly none
 */
public record Surroundings(
        String jdbcUrl,
        String user,
        String password,
        String bootstrapServers,
        String topic,
        int keys,
        Map<String, String> producer) {

    private static final String PREFIX = "benchmark.";
    private static final String PRODUCER = PREFIX + "producer.";

    /** Copies the properties. */
    public Surroundings {
        producer = Map.copyOf(producer);
    }

    /** Reads the system properties which {@link #toProperties()} wrote. */
    public static Surroundings fromProperties() {
        return new Surroundings(
                property("jdbcUrl"),
                property("user"),
                property("password"),
                property("bootstrap"),
                property("topic"),
                Integer.parseInt(property("keys")),
                producerProperties());
    }

    /** The JVM options which hand these surroundings to another process. */
    public List<String> toProperties() {
        Stream<String> own = Stream.of(
                "-D" + PREFIX + "jdbcUrl=" + jdbcUrl,
                "-D" + PREFIX + "user=" + user,
                "-D" + PREFIX + "password=" + password,
                "-D" + PREFIX + "bootstrap=" + bootstrapServers,
                "-D" + PREFIX + "topic=" + topic,
                "-D" + PREFIX + "keys=" + keys);
        return Stream.concat(
                        own,
                        producer.entrySet().stream()
                                .map(each -> "-D" + PRODUCER + each.getKey() + "=" + each.getValue()))
                .toList();
    }

    private static String property(String name) {
        String value = System.getProperty(PREFIX + name);
        if (value == null) {
            throw new IllegalStateException("-D" + PREFIX + name + " is missing");
        }
        return value;
    }

    private static Map<String, String> producerProperties() {
        Properties all = System.getProperties();
        return all.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PRODUCER))
                .collect(Collectors.toMap(name -> name.substring(PRODUCER.length()), all::getProperty));
    }
}
