package dev.freehold.outbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the log is published.
 *
 * @param number counts the steps; of two, the one with the higher number is the later one
 * @param seen everything that this snapshot sees is published
 * @param reading the end of the window that is being published, null between windows
 * @param position the last published position of that window
 */
record Progress(long number, Snapshot seen, @Nullable Snapshot reading, long position) {

    private static final String NO_WINDOW = "-";
    private static final int PARTS = 4;

    Progress within(Snapshot window, long published) {
        return new Progress(number + 1, seen, window, published);
    }

    Progress after(Snapshot window, long published) {
        return new Progress(number + 1, window, null, published);
    }

    /** There was nothing to publish, so this is no step. */
    Progress idleUntil(Snapshot present) {
        return new Progress(number, present, null, position);
    }

    Progress numbered(long first) {
        return new Progress(first, seen, reading, position);
    }

    /** As a transport keeps it, with the history of the database that it belongs to. */
    OutboxTransport.Mark mark(String history) {
        String window = reading == null ? NO_WINDOW : reading.compact();
        return new OutboxTransport.Mark(number, String.join(" ", history, seen.compact(), window, "" + position));
    }

    /** Empty if the mark belongs to another history: its transaction ids say nothing in this one. */
    static Optional<Progress> of(OutboxTransport.Mark mark, String history) {
        String[] parts = mark.progress().split(" ", PARTS);
        if (parts.length < PARTS || !parts[0].equals(history)) {
            return Optional.empty();
        }
        Snapshot window = parts[2].equals(NO_WINDOW) ? null : Snapshot.ofCompact(parts[2]);
        return Optional.of(new Progress(mark.number(), Snapshot.ofCompact(parts[1]), window, Long.parseLong(parts[3])));
    }
}
