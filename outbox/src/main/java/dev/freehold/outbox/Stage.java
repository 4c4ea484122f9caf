package dev.freehold.outbox;

import org.jspecify.annotations.Nullable;

/**
 * Where a shard is on the way to another number of shards.
 *
 * @param phase what its owner has to do
 * @param until how far it is to publish in the phase {@link Phase#LAST}, in the form of its store
 */
record Stage(Phase phase, @Nullable String until) {

    /** No change is under way. */
    static final Stage OPEN = new Stage(Phase.OPEN, null);

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /**
     * The steps of a change, which all shards take together: none begins the next one before all have ended the one before.
     *
     * <ol>
     *   <li>{@code CLOSING}: an owner reads no further, and waits for what is on its way. Then its shard is {@code CLOSED}.
     *   <li>When all are closed, one snapshot is taken. It sees everything that any of them has published.
     *   <li>{@code LAST}: an owner publishes up to that snapshot. Then its shard is {@code DONE}.
     *   <li>When all are done, the new shards take the place of the old ones, and go on from that snapshot.
     * </ol>
     *
     * <p>So every event is published by exactly one of the old shards or of the new ones, and those of a key by the old one
     * before the new one. Whoever dies meanwhile is replaced in the phase in which it was.
     */
    enum Phase {
        /** No change is under way. */
        OPEN,
        /** Nothing more is to be read. */
        CLOSING,
        /** Nothing is on its way. */
        CLOSED,
        /** What a snapshot sees is to be published, and nothing else. */
        LAST,
        /** That is done. */
        DONE
    }
}
