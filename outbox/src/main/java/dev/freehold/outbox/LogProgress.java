package dev.freehold.outbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a log is published.
 *
 * @param number counts the steps; of two, the one with the higher number is the later one
 * @param seen everything that this snapshot sees is published
 * @param reading the end of the window that is being published, null between windows
 * @param position the last published position of that window
 */
record LogProgress(long number, Snapshot seen, @Nullable Snapshot reading, long position) implements Progress {

    private static final String NO_WINDOW = "-";
    private static final int PARTS = 4;

    LogProgress within(Snapshot window, long published) {
        return new LogProgress(number + 1, seen, window, published);
    }

    LogProgress after(Snapshot window, long published) {
        return new LogProgress(number + 1, window, null, published);
    }

    /** There was nothing to publish, so this is no step. */
    LogProgress idleUntil(Snapshot present) {
        return new LogProgress(number, present, null, position);
    }

    @Override
    public LogProgress numbered(long first) {
        return new LogProgress(first, seen, reading, position);
    }

    @Override
    public boolean hasReached(String until) {
        return reading == null && seen.text().equals(until);
    }

    @Override
    public OutboxTransport.Mark mark(String history) {
        String window = reading == null ? NO_WINDOW : reading.compact();
        return new OutboxTransport.Mark(number, String.join(" ", history, seen.compact(), window, "" + position));
    }

    /** Transaction ids of another history say nothing in this one. */
    @Override
    public Optional<Progress> at(OutboxTransport.Mark mark, String history) {
        String[] parts = mark.progress().split(" ", PARTS);
        if (parts.length < PARTS || !parts[0].equals(history)) {
            return Optional.empty();
        }
        Snapshot window = parts[2].equals(NO_WINDOW) ? null : Snapshot.ofCompact(parts[2]);
        return Optional.of(
                new LogProgress(mark.number(), Snapshot.ofCompact(parts[1]), window, Long.parseLong(parts[3])));
    }
}
