package dev.freehold.inbox;

/**
 * What a consumer of this instance has done since it started.
 *
 * @param handled messages whose effects were committed
 * @param duplicates messages that were passed over, because their effects were there already
 * @param outdated messages that were passed over, because a newer state of their key had been handled
 * @param parked messages that were parked
 */
public record InboxStatus(long handled, long duplicates, long outdated, long parked) {}
