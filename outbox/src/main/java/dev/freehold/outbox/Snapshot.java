package dev.freehold.outbox;

/**
 * A PostgreSQL snapshot in its text form {@code xmin:xmax:xip,…}: it sees the transactions below xmax that are not
 * in the list of those in progress.
 */
record Snapshot(String text) {

    /** The first transaction id that this snapshot does not see and knows nothing of. */
    String next() {
        return text.substring(text.indexOf(':') + 1, text.lastIndexOf(':'));
    }

    /** Ids of the transactions that were in progress, as a PostgreSQL array literal. */
    String inProgress() {
        return "{" + text.substring(text.lastIndexOf(':') + 1) + "}";
    }
}
