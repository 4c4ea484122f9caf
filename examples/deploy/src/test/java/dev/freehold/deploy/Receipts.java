package dev.freehold.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.fixture.History;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.json.JsonMapper;

/** Records what a reader of the topic gets, and follows how the entries of each account come. */
final class Receipts {

    private static final String READER = "reader";

    private final History history;
    private final Map<String, Long> latest = new TreeMap<>();
    private final Map<String, Integer> repetitions = new TreeMap<>();
    private int gaps;
    private int count;

    Receipts(History history) {
        this.history = history;
        history.expectReceipts(READER);
    }

    synchronized void take(ConsumerRecord<byte[], byte[]> taken) {
        UUID id = UUID.fromString(new String(taken.headers().lastHeader("ce_id").value(), UTF_8));
        String key = new String(taken.key(), UTF_8);
        long sequence =
                JsonMapper.shared().readTree(taken.value()).get("sequence").asLong();
        history.received(READER, id, key, sequence, taken.topic(), taken.partition(), taken.offset());
        follow(key, sequence);
        count++;
    }

    private void follow(String key, long sequence) {
        long before = latest.getOrDefault(key, 0L);
        if (sequence <= before) {
            repetitions.merge(key, 1, Integer::sum);
        } else if (sequence > before + 1) {
            gaps++;
        }
        latest.put(key, sequence);
    }

    /** The sequence that came last, for each account. */
    synchronized Map<String, Long> latest() {
        return new TreeMap<>(latest);
    }

    /** How often entries were left out between two that came one after the other. */
    synchronized int gaps() {
        return gaps;
    }

    /** How often an account's entries began again from an earlier one, at most over all accounts. */
    synchronized int mostRepetitions() {
        return repetitions.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    synchronized int count() {
        return count;
    }
}
