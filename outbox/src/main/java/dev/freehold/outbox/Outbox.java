package dev.freehold.outbox;

public interface Outbox {}
