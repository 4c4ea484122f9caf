package dev.freehold.composition;

/** Gives what surrounds the calls of each source. Several of them surround each other, the first one outside. */
@FunctionalInterface
public interface CallPolicies {

    /** What surrounds the calls of a source; asked once for each. */
    CallPolicy of(String source);
}
