package dev.freehold.outbox.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerPropertiesTests {

    @Test
    void setsWhatTheGuaranteesRestOn() {
        assertThat(ProducerProperties.of(Map.of("bootstrap.servers", "somewhere:9092")))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("max.in.flight.requests.per.connection", "1")
                .containsEntry("delivery.timeout.ms", String.valueOf(Integer.MAX_VALUE))
                .containsEntry("bootstrap.servers", "somewhere:9092");
    }

    @Test
    void sendsTheLargestEventThatTheOutboxTakes() {
        int largestPayload = 16 << 20;

        assertThat(ProducerProperties.of(Map.of()))
                .extractingByKey("max.request.size")
                .satisfies(size ->
                        assertThat(Integer.parseInt(String.valueOf(size))).isGreaterThan(largestPayload));
    }

    @Test
    void leavesTuningToTheUser() {
        assertThat(ProducerProperties.of(Map.of("linger.ms", "20", "compression.type", "zstd", "acks", "-1")))
                .containsEntry("linger.ms", "20")
                .containsEntry("compression.type", "zstd")
                .containsEntry("acks", "all");
    }
}
