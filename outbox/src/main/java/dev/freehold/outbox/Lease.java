package dev.freehold.outbox;

/**
 * The right to publish.
 *
 * @param owner the relay that holds it
 * @param epoch grows with every change of hands; every write of the progress compares it
 * @param progress where the owner before got to
 */
record Lease(String owner, long epoch, Progress progress) {}
