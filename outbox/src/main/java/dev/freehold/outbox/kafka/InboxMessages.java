package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.outbox.internal.MessageIdentity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads Kafka records as messages: CloudEvents in binary mode, Debezium's outbox router, or anything else with a key. */
final class InboxMessages {

    /** Header in which Debezium's event router puts the event's id. */
    private static final String DEBEZIUM_ID = "id";

    private InboxMessages() {}

    static InboxMessage of(ConsumerRecord<byte[], byte[]> read) {
        Map<String, String> headers = headers(read);
        String place = place(read);
        String source = headers.getOrDefault(CloudEventRecords.SOURCE, "");
        EventContext context = EventContext.of(
                id(headers, place),
                headers.getOrDefault(CloudEventRecords.TYPE, ""),
                version(headers.get(CloudEventRecords.SCHEMA_VERSION)),
                source,
                read.key() == null ? place : new String(read.key(), UTF_8),
                time(headers.get(CloudEventRecords.TIME), read.timestamp()),
                read.topic(),
                read.partition(),
                read.offset(),
                headers);
        return new InboxMessage(context, read.value());
    }

    /** The id that the record brings along, or its place. */
    static String idOf(ConsumerRecord<?, ?> read) {
        Map<String, String> headers = headers(read);
        return MessageIdentity.of(headers.get(CloudEventRecords.SOURCE), id(headers, place(read)));
    }

    private static String place(ConsumerRecord<?, ?> read) {
        return read.topic() + "/" + read.partition() + "/" + read.offset();
    }

    private static String id(Map<String, String> headers, String place) {
        String id = headers.getOrDefault(CloudEventRecords.ID, headers.getOrDefault(DEBEZIUM_ID, ""));
        return id.isBlank() ? place : id;
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> read) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : read.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), UTF_8));
            }
        }
        return headers;
    }

    private static int version(@Nullable String version) {
        try {
            return version == null ? 1 : Integer.parseInt(version);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static Instant time(@Nullable String time, long received) {
        try {
            return time == null ? Instant.ofEpochMilli(received) : Instant.parse(time);
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(received);
        }
    }
}
