package dev.freehold.outbox;

import org.jspecify.annotations.Nullable;

/**
 * How far the log is published.
 *
 * @param seen everything that this snapshot sees is published
 * @param reading the end of the window that is being published, null between windows
 * @param position the last published position of that window
 */
record Progress(Snapshot seen, @Nullable Snapshot reading, long position) {

    Progress within(Snapshot window, long published) {
        return new Progress(seen, window, published);
    }

    Progress after(Snapshot window, long published) {
        return new Progress(window, null, published);
    }
}
