package dev.freehold.composition;

import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What carries the calls of a source out, and what limits them.
 *
 * @param depth within how many calls the page is made whose calls they are
 * @param ofSource permits of the source
 * @param ofProcess permits of all sources
 * @param workers carry them out
 * @param timer tells when they have taken long
 * @param policy surrounds them
 * @param pace how long they have taken lately
 * @param hedges second calls for the same
 * @param clock tells when the source was asked
 */
record Lane(
        int depth,
        Permits ofSource,
        Permits ofProcess,
        Executor workers,
        Timer timer,
        CallPolicy policy,
        Pace pace,
        Hedges hedges,
        Clock clock) {

    /** The same for calls of a page that is made within calls. */
    Lane within(int calls, Permits source, Permits process) {
        return new Lane(calls, source, process, workers, timer, policy, pace, hedges, clock);
    }
}
