package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.outbox.StoredEvent;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Writes events as Kafka records: CloudEvents 1.0 Kafka protocol binding, binary content mode. */
final class CloudEventRecords {

    static final String SPEC_VERSION = "ce_specversion";
    static final String ID = "ce_id";
    static final String TYPE = "ce_type";
    static final String SOURCE = "ce_source";
    static final String TIME = "ce_time";
    static final String SUBJECT = "ce_subject";

    /** CloudEvents extension attribute: the integer version of the payload's schema. */
    static final String SCHEMA_VERSION = "ce_schemaversion";

    static final String CONTENT_TYPE = "content-type";
    static final String TRACEPARENT = "traceparent";

    private static final byte[] VERSION_1_0 = "1.0".getBytes(UTF_8);
    private static final byte[] JSON = "application/json".getBytes(UTF_8);
    private static final byte[] ENCODED = "application/octet-stream".getBytes(UTF_8);

    private final byte[] source;

    CloudEventRecords(String source) {
        this.source = source.getBytes(UTF_8);
    }

    int sourceLength() {
        return source.length;
    }

    ProducerRecord<byte[], byte[]> of(StoredEvent event) {
        byte[] key = event.key().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(event.topic(), key, event.payload());
        Headers headers = sent.headers();
        headers.add(new RecordHeader(SPEC_VERSION, VERSION_1_0));
        headers.add(new RecordHeader(ID, event.id().toString().getBytes(UTF_8)));
        headers.add(new RecordHeader(TYPE, event.type().getBytes(UTF_8)));
        headers.add(new RecordHeader(SOURCE, source));
        headers.add(new RecordHeader(TIME, Timestamps.bytes(event.time())));
        headers.add(new RecordHeader(SUBJECT, key));
        headers.add(
                new RecordHeader(SCHEMA_VERSION, String.valueOf(event.version()).getBytes(UTF_8)));
        byte[] payload = event.payload();
        if (payload != null) {
            headers.add(new RecordHeader(CONTENT_TYPE, isJson(payload) ? JSON : ENCODED));
        }
        String traceparent = event.traceparent();
        if (traceparent != null) {
            headers.add(new RecordHeader(TRACEPARENT, traceparent.getBytes(UTF_8)));
        }
        return sent;
    }

    /** Events are JSON objects, unless a codec has made something else of them. */
    private static boolean isJson(byte[] payload) {
        return payload.length > 0 && payload[0] == '{';
    }
}
