package dev.freehold.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What consumers see of a record; bytes are shown as Latin-1, one character each, so none is lost; a tombstone has no value. */
record Message(
        String topic, int partition, String key, @Nullable String value, Map<String, String> headers) {

    private static final String TIME = "ce_time";

    static Message of(ConsumerRecord<byte[], byte[]> taken) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : taken.headers()) {
            if (headers.put(header.key(), latin1(header.value())) != null) {
                throw new IllegalArgumentException("two headers " + header.key() + " in " + taken);
            }
        }
        String value = taken.value() == null ? null : latin1(taken.value());
        return new Message(taken.topic(), taken.partition(), latin1(taken.key()), value, headers);
    }

    String time() {
        return headers.getOrDefault(TIME, "");
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
