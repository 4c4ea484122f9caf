package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.inbox.InboxStatus;
import dev.freehold.inbox.ParkedMessage;
import dev.freehold.outbox.kafka.KafkaInbox;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Properties that would weaken order or durability are refused when the transport is made; no broker is needed. */
class KafkaMistakeTests {

    private static final String SOURCE = "/orders";

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void refusesWeakerAcknowledgements(String acks) {
        refuses(ProducerConfig.ACKS_CONFIG, acks, "all");
    }

    @Test
    void refusesAProducerThatIsNotIdempotent() {
        refuses(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false, "true");
        refuses(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false", "true");
    }

    @Test
    void refusesRequestsInFlightThatOvertakeEachOther() {
        refuses(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5, "1");
    }

    @Test
    void refusesAProducerThatGivesUp() {
        refuses(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000, "2147483647");
        refuses(ProducerConfig.RETRIES_CONFIG, 0, "2147483647");
    }

    @Test
    void refusesAPartitionerThatIgnoresKeys() {
        refuses(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, true, "false");
    }

    @Test
    void refusesAPartitionerOfItsOwn() {
        Refusal.of(
                () -> new KafkaOutboxTransport(
                        Map.of(ProducerConfig.PARTITIONER_CLASS_CONFIG, RoundRobinPartitioner.class.getName()), SOURCE),
                "Leave it out",
                "one partition");
    }

    @Test
    void refusesATransactionalId() {
        Refusal.of(
                () -> new KafkaOutboxTransport(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "orders"), SOURCE),
                "Leave it out",
                "freehold.outbox.delivery=exactly-once");
    }

    @Test
    void acceptsTheSameValuesInOtherWords() {
        Map<String, Object> same = Map.ofEntries(
                Map.entry(ProducerConfig.ACKS_CONFIG, "-1"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                Map.entry(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd"));

        assertThatNoException().isThrownBy(() -> new KafkaOutboxTransport(same, SOURCE).close());
    }

    @Test
    void refusesAnInboxWithoutThreads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaInbox(Map.of(), List.of(), 0))
                .withMessage("concurrency must be at least 1, was 0");
    }

    @Test
    void refusesAConsumerWithoutListeners() {
        Refusal.of(() -> new KafkaInbox(Map.of(), List.of(new NoListeners()), 1), "@InboxListener");
    }

    private static void refuses(String property, Object value, String instead) {
        assertThat(Refusal.of(
                                () -> new KafkaOutboxTransport(Map.of(property, value), SOURCE),
                                "Leave it out",
                                "sets it to " + instead)
                        .description())
                .contains(property + "=" + value);
    }

    private static final class NoListeners implements InboxConsumer {
        @Override
        public String group() {
            return "idle";
        }

        @Override
        public Set<String> topics() {
            return Set.of();
        }

        @Override
        public Duration retention() {
            return Duration.ZERO;
        }

        @Override
        public void handle(List<InboxMessage> messages) {}

        @Override
        public int replay(String key) {
            return 0;
        }

        @Override
        public List<String> parkedKeys() {
            return List.of();
        }

        @Override
        public List<ParkedMessage> parked(int limit) {
            return List.of();
        }

        @Override
        public boolean discard(UUID id) {
            return false;
        }

        @Override
        public InboxStatus status() {
            return new InboxStatus(0, 0, 0, 0);
        }
    }
}
