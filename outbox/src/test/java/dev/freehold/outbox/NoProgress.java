package dev.freehold.outbox;

import java.util.Optional;

/** Of nothing. */
record NoProgress() implements Progress {

    @Override
    public long number() {
        return 0;
    }

    @Override
    public Progress numbered(long first) {
        return this;
    }

    @Override
    public boolean hasReached(String until) {
        return false;
    }

    @Override
    public OutboxTransport.Mark mark(String history) {
        return new OutboxTransport.Mark(0, history);
    }

    @Override
    public Optional<Progress> at(OutboxTransport.Mark mark, String history) {
        return Optional.empty();
    }
}
