package dev.freehold.benchmark;

/** A consumer that handles whatever is delivered, however often: what handling costs anyway. */
public final class NoInbox implements Contestant {

    @Override
    public void prepare(Surroundings surroundings) {}

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return HandWrittenConsumer.start(surroundings, HandWrittenConsumer.Deduplication.NONE);
    }
}
