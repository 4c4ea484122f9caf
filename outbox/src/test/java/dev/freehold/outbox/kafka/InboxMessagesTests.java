package dev.freehold.outbox.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages without an id of their own must not pass for one another. */
class InboxMessagesTests {

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void tellsMessagesWithABlankIdApartByTheirPlace(String blank) {
        assertThat(idAt(1, blank)).isEqualTo(idAt(1, blank)).isNotEqualTo(idAt(2, blank));
    }

    @Test
    void knowsAMessageByItsIdWhereverItStands() {
        String id = UUID.randomUUID().toString();

        assertThat(idAt(1, id)).isEqualTo(idAt(2, id)).hasToString(id);
    }

    private static UUID idAt(long offset, String id) {
        ConsumerRecord<byte[], byte[]> read =
                new ConsumerRecord<>("orders", 0, offset, "key".getBytes(StandardCharsets.UTF_8), new byte[0]);
        read.headers().add("ce_id", id.getBytes(StandardCharsets.UTF_8));
        return InboxMessages.of(read).context().id();
    }
}
