package dev.freehold.composition;

import java.time.Duration;

/** Has something done later. */
interface Timer {

    /** Does it after a while, on some thread, unless what is returned is run before. It must not block. */
    Runnable after(Duration delay, Runnable work);
}
