package dev.freehold.benchmark;

/** What a process does with the outbox, or the inbox. */
public enum Role {
    /** Writes events; nothing relays them meanwhile. */
    WRITER,
    /** Relays what others have written. */
    RELAY,
    /** Writes and relays, as a service in one instance does. */
    BOTH,
    /** Receives events, and handles each of them by {@link Bill}. */
    CONSUMER;

    /** Whether events leave for Kafka. */
    public boolean relays() {
        return this == RELAY || this == BOTH;
    }
}
