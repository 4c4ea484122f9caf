package dev.freehold.acceptance.faults.services;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.utils.Time;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.MessageHeaders;

/**
 * What the clocks of this JVM say: a Java one in this project, Kafka's, and that of Spring's messages. They are compared
 * with the database's before the instance is noted as up.
 */
record Presence(Duration shift, Map<String, Instant> clocks) {

    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final String NOW = "SELECT clock_timestamp()";
    private static final String NOTE = "INSERT INTO instance (pid, clock) VALUES (:pid, :clock)";

    static Presence of(Duration shift) {
        Long springs = new MessageHeaders(Map.of()).getTimestamp();
        return new Presence(
                shift,
                Map.of(
                        "java", Clock.systemUTC().instant(),
                        "java in milliseconds", Instant.ofEpochMilli(System.currentTimeMillis()),
                        "kafka", Instant.ofEpochMilli(Time.SYSTEM.milliseconds()),
                        "spring", Instant.ofEpochMilli(springs == null ? 0 : springs)));
    }

    /** Notes that this instance is up; throws if a clock is not as far from the database's as it shall be. */
    void note(JdbcClient jdbc) {
        Instant right = jdbc.sql(NOW).query(Timestamp.class).single().toInstant();
        clocks.forEach((name, time) -> require(name, Duration.between(right, time)));
        jdbc.sql(NOTE)
                .param("pid", ProcessHandle.current().pid())
                .param("clock", Timestamp.from(Instant.now()))
                .update();
    }

    private void require(String name, Duration found) {
        if (found.minus(shift).abs().compareTo(TOLERANCE) > 0) {
            throw new IllegalStateException(
                    "the clock of %s must be %s from the database's, was %s".formatted(name, shift, found));
        }
    }
}
