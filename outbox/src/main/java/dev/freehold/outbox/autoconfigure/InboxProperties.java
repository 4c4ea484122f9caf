package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the inbox.
 *
 * @param concurrency threads for each consumer group, at least 1; more than the topic has partitions lie idle
 * @param maxAttempts how often a failing message is tried alone before its key is parked, 1 to 100
 * @param backoff pause after the first of these attempts, doubled after each, 1 ms to 1 minute
 * @param unknownType what becomes of messages whose type no listener of the group handles
 * @param retention how long ids of handled messages are kept, 1 second to 30 days and at least as long as the topics keep
 *     messages; 0 keeps them for ever
 * @param consistencyWait how long a request with a consistency token waits until its events are handled, 0 to 10 seconds; 0 only
 *     looks
 */
@ConfigurationProperties("freehold.inbox")
record InboxProperties(
        @DefaultValue("1") int concurrency,
        @DefaultValue("4") int maxAttempts,
        @DefaultValue("200ms") Duration backoff,
        @DefaultValue("ignore") InboxSettings.UnknownType unknownType,
        @DefaultValue("8d") Duration retention,
        @DefaultValue("200ms") Duration consistencyWait) {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Checks the bounds that nobody else checks. */
    InboxProperties {
        if (consistencyWait.isNegative() || consistencyWait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "consistencyWait must be between 0 and 10 seconds, was " + consistencyWait);
        }
    }

    InboxSettings settings() {
        return new InboxSettings(maxAttempts, backoff, unknownType, retention);
    }
}
