package dev.freehold.outbox;

/**
 * A PostgreSQL snapshot in its text form {@code xmin:xmax:xip,…}: it sees the transactions below xmax that are not
 * in the list of those in progress.
 */
record Snapshot(String text) {

    /** Sees no transaction at all, not even those before all others, which a move to another cluster gives. */
    static final Snapshot NOTHING = new Snapshot("2:2:");

    private static final int RADIX = 36;

    /** The first transaction id that this snapshot does not see and knows nothing of. */
    String next() {
        return text.substring(text.indexOf(':') + 1, text.lastIndexOf(':'));
    }

    /** Ids of the transactions that were in progress, as a PostgreSQL array literal. */
    String inProgress() {
        return "{" + text.substring(text.lastIndexOf(':') + 1) + "}";
    }

    /** The same with each number as its distance to the one before, in base 36: about two characters a transaction. */
    String compact() {
        StringBuilder compact = new StringBuilder();
        long last = 0;
        for (String number : numbers(text)) {
            long value = Long.parseLong(number);
            compact.append(compact.isEmpty() ? "" : ",").append(Long.toString(value - last, RADIX));
            last = value;
        }
        return compact.toString();
    }

    static Snapshot ofCompact(String compact) {
        StringBuilder text = new StringBuilder();
        long value = 0;
        int n = 0;
        for (String distance : compact.split(",")) {
            value += Long.parseLong(distance, RADIX);
            text.append(value).append(n < 2 ? ':' : ',');
            n++;
        }
        return new Snapshot(n > 2 ? text.substring(0, text.length() - 1) : text.toString());
    }

    private static String[] numbers(String text) {
        return text.split("[:,]");
    }
}
