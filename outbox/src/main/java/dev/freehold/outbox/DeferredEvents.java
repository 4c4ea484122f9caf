package dev.freehold.outbox;

/** Events of a transaction that can only be made when everything is written. */
interface DeferredEvents {

    boolean isEmpty();

    /** Publishes them, once. */
    void publish();
}
