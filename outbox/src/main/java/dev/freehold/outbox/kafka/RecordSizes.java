package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.outbox.StoredEvent;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a broker compares with {@code max.message.bytes}: those of a batch with this record alone, not compressed, which
 * is how the client sends it in the end if it is refused together with others.
 *
 * <p>The format is that of Kafka's protocol, "Record Batch", version 2: lengths are zigzag varints.
 */
final class RecordSizes {

    private static final int BATCH_HEADER = 61;
    private static final int ATTRIBUTES_AND_DELTAS = 3;

    /** More than the names of the headers, their small values and all lengths can take. */
    private static final int REST = 512;

    private static final int LONGEST_CHARACTER = 3;

    private final CloudEventRecords records;

    RecordSizes(CloudEventRecords records) {
        this.records = records;
    }

    /** Whether an event's record is surely smaller; most are, and this costs less than to tell how large it is. */
    boolean isSurelyBelow(int bytes, StoredEvent event) {
        String traceparent = event.traceparent();
        int characters =
                2 * event.key().length() + event.type().length() + (traceparent == null ? 0 : traceparent.length());
        return (long) length(event.payload()) + LONGEST_CHARACTER * characters + records.sourceLength() + REST < bytes;
    }

    int of(StoredEvent event) {
        ProducerRecord<byte[], byte[]> sent = records.of(event);
        int headers = 0;
        int count = 0;
        for (Header header : sent.headers()) {
            headers += field(header.key().getBytes(UTF_8)) + field(header.value());
            count++;
        }
        int body = ATTRIBUTES_AND_DELTAS + field(sent.key()) + field(sent.value()) + varint(count) + headers;
        return BATCH_HEADER + varint(body) + body;
    }

    private static int field(byte @Nullable [] bytes) {
        return varint(bytes == null ? -1 : bytes.length) + length(bytes);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static int varint(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        int bytes = 1;
        for (int rest = zigzag >>> 7; rest != 0; rest >>>= 7) {
            bytes++;
        }
        return bytes;
    }
}
