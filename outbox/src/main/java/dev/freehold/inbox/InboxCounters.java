package dev.freehold.inbox;

import java.util.concurrent.atomic.LongAdder;

/** What a consumer has done, for whoever watches it. */
final class InboxCounters {

    private final LongAdder handled = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder outdated = new LongAdder();
    private final LongAdder parked = new LongAdder();

    /** What one transaction did; counts if it commits. */
    static final class Tally {
        private int handled;
        private int duplicates;
        private int outdated;
        private int parked;

        void handled() {
            handled++;
        }

        void duplicate() {
            duplicates++;
        }

        void outdated() {
            outdated++;
        }

        void parked() {
            parked++;
        }
    }

    void add(Tally tally) {
        handled.add(tally.handled);
        duplicates.add(tally.duplicates);
        outdated.add(tally.outdated);
        parked.add(tally.parked);
    }

    InboxStatus status() {
        return new InboxStatus(handled.sum(), duplicates.sum(), outdated.sum(), parked.sum());
    }
}
