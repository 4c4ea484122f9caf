package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.kafka.Delivery;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the outbox.
 *
 * @param enabled whether to set up an outbox
 * @param source CloudEvents source of this service's events, a URI reference; the application's name with a slash before
 *     it unless set
 * @param maxPayload largest payload of an event, 1 byte to 16 MiB; the topic's max.message.bytes must allow it
 * @param delivery how often a consumer may see an event; exactly-once sends in Kafka transactions
 * @param retention how long published events are kept at least, 1 second or longer, 0 for ever; up to twice as long
 * @param shards into how many parts the keys are divided, 1 to 64, which the relays share; the same for all instances
 * @param consistencyHeader header of requests and responses that carries consistency tokens; empty for none
 * @param initializeSchema when to run the schema script at start; copy the script into your migrations for production
 * @param relay settings of the relay
 */
@ConfigurationProperties("freehold.outbox")
record OutboxProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String source,
        @DefaultValue("900KB") DataSize maxPayload,
        @DefaultValue("at-least-once") Delivery delivery,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("1") int shards,
        @DefaultValue("X-Consistency-Token") String consistencyHeader,
        @DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
        @DefaultValue Relay relay) {

    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]*");

    /** Checks what nobody else checks. */
    OutboxProperties {
        if (!HEADER.matcher(consistencyHeader).matches()) {
            throw new OutboxException(
                    "freehold.outbox.consistency-header is '%s', which no HTTP header can be."
                            .formatted(consistencyHeader),
                    "Set it to a name such as X-Consistency-Token, or to nothing if there shall be none.");
        }
    }

    int maxPayloadBytes() {
        return bytes("freehold.outbox.max-payload", maxPayload);
    }

    private static int bytes(String name, DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new OutboxException(
                    "%s is %d MB.".formatted(name, size.toMegabytes()),
                    "Set it to some megabytes at most: messages are small.");
        }
        return (int) size.toBytes();
    }

    /**
     * Settings of the relay.
     *
     * @param enabled whether this instance publishes what stands in the outbox; some instance must
     * @param batchSize most events of one read, 1 to 10,000
     * @param batchBytes most payload of one read, 64 KiB to 64 MiB
     * @param maxInFlight most reads that are sent and not yet acknowledged, 1 to 64
     * @param pollInterval how often to look for events that no commit in this process told of, 10 ms to 1 minute
     * @param lease how long after the death of the active relay another one takes over, 1 second to 5 minutes
     * @param maxBackoff longest pause between attempts while database or broker are away, 100 ms to 10 minutes
     * @param maxParkedBackoff longest pause between attempts with a parked key, 100 ms to 1 day
     * @param deadLetterTypes types of events that nobody waits for: one that is refused is put aside
     */
    record Relay(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("2000") int batchSize,
            @DefaultValue("8MB") DataSize batchBytes,
            @DefaultValue("4") int maxInFlight,
            @DefaultValue("1s") Duration pollInterval,
            @DefaultValue("5s") Duration lease,
            @DefaultValue("10s") Duration maxBackoff,
            @DefaultValue("5m") Duration maxParkedBackoff,
            @DefaultValue Set<String> deadLetterTypes) {

        RelaySettings settings(int shards, Duration retention) {
            return new RelaySettings(
                    batchSize,
                    bytes("freehold.outbox.relay.batch-bytes", batchBytes),
                    maxInFlight,
                    pollInterval,
                    lease,
                    maxBackoff,
                    maxParkedBackoff,
                    deadLetterTypes,
                    shards,
                    retention);
        }
    }
}
