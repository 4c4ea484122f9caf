package dev.freehold.outbox.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerPropertiesTests {

    @Test
    void setsWhatTheGuaranteesRestOn() {
        assertThat(atLeastOnce(Map.of("bootstrap.servers", "somewhere:9092")))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("max.in.flight.requests.per.connection", "1")
                .containsEntry("delivery.timeout.ms", String.valueOf(Integer.MAX_VALUE))
                .containsEntry("bootstrap.servers", "somewhere:9092");
    }

    @Test
    void sendsTheLargestEventThatTheOutboxTakes() {
        int largestPayload = 16 << 20;

        assertThat(atLeastOnce(Map.of()))
                .extractingByKey("max.request.size")
                .satisfies(size ->
                        assertThat(Integer.parseInt(String.valueOf(size))).isGreaterThan(largestPayload));
    }

    @Test
    void leavesTuningToTheUser() {
        assertThat(atLeastOnce(Map.of("linger.ms", "20", "compression.type", "zstd", "acks", "-1")))
                .containsEntry("linger.ms", "20")
                .containsEntry("compression.type", "zstd")
                .containsEntry("acks", "all");
    }

    /** With transactions the order survives several requests in flight; and readers do not wait long for the dead. */
    @Test
    void boundsTheTimeThatATransactionStaysOpen() {
        assertThat(ProducerProperties.of(Map.of(), Delivery.EXACTLY_ONCE))
                .containsEntry("transaction.timeout.ms", "10000")
                .containsEntry("acks", "all")
                .doesNotContainKey("max.in.flight.requests.per.connection");
        assertThat(ProducerProperties.of(Map.of("transaction.timeout.ms", "5000"), Delivery.EXACTLY_ONCE))
                .containsEntry("transaction.timeout.ms", "5000");
    }

    private static Map<String, Object> atLeastOnce(Map<String, String> users) {
        return ProducerProperties.of(users, Delivery.AT_LEAST_ONCE);
    }
}
