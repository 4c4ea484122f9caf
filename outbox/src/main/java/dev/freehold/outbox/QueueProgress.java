package dev.freehold.outbox;

import java.util.Optional;

/**
 * How far a queue is published.
 *
 * @param number counts the steps, each of which claims events under its number
 * @param published everything that is claimed under this number or a lower one is published
 */
record QueueProgress(long number, long published) implements Progress {

    /** A queue has its rows to tell what is not published, so nothing has to be reached before another takes over. */
    static final String ANYWHERE = "";

    QueueProgress next() {
        return new QueueProgress(number + 1, number + 1);
    }

    @Override
    public QueueProgress numbered(long first) {
        return new QueueProgress(first, published);
    }

    @Override
    public boolean hasReached(String until) {
        return true;
    }

    @Override
    public OutboxTransport.Mark mark(String history) {
        return new OutboxTransport.Mark(number, history + " " + published);
    }

    @Override
    public Optional<Progress> at(OutboxTransport.Mark mark, String history) {
        String[] parts = mark.progress().split(" ", 2);
        return parts.length == 2 && parts[0].equals(history)
                ? Optional.of(new QueueProgress(mark.number(), Long.parseLong(parts[1])))
                : Optional.empty();
    }
}
