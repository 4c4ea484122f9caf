package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a source, for everybody who waits for its answer.
 *
 * <ol>
 *   <li>It stands in line for a permit of the source, then for one of the process; neither holds a thread. If the time that is left
 *       when its turn comes is less than the source has needed for half of its answers, it is not made: the permit goes to one
 *       that can still be answered.
 *   <li>A worker carries it out. Its budget is that of the one who waits longest.
 *   <li>Whoever waits is told on the worker's thread. When the last one leaves before, the worker is interrupted, and what the
 *       source asked for by {@link Budget#onStop} is done.
 *   <li>The permits are given back when the source has returned, not when nobody waits any more: the work is still there.
 * </ol>
 */
final class Call {

    private enum State {
        NEW,
        LINED_UP,
        RUNNING,
        ENDED,
        ABANDONED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Reply>> waiters = new ArrayList<>(1);
    private final Permits.Waiter atSource = new Place(this::takeSourcePermit);
    private final Permits.Waiter atProcess = new Place(this::takeProcessPermit);
    private final Question question;
    private final Budget budget;
    private final Lane lane;
    private final Consumer<Call> atEnd;
    private final Asking asking;
    private State state = State.NEW;
    private @Nullable Reply reply;
    private volatile boolean passes; // needs no permits
    private volatile boolean holdsSource;
    private volatile boolean holdsProcess;

    /**
     * Has not begun.
     *
     * @param atEnd told when nobody can wait for it any more
     */
    Call(Question question, CallerContext context, Budget budget, Lane lane, Consumer<Call> atEnd) {
        this.question = question;
        this.budget = budget;
        this.lane = lane;
        this.atEnd = atEnd;
        this.asking = new Asking(question, context, budget, lane, this::end);
    }

    Question question() {
        return question;
    }

    /** Begins, if it has not. */
    void start() {
        lock.lock();
        try {
            if (state != State.NEW) {
                return;
            }
            state = State.LINED_UP;
        } finally {
            lock.unlock();
        }
        lane.ofSource().acquire(atSource);
        if (passes && lane.ofSource().leave(atSource)) { // since a moment ago
            begin();
        }
    }

    /** Waits for the answer, too; false if it is too late for that. */
    boolean join(Consumer<Reply> waiter, long deadline) {
        lock.lock();
        try {
            if (state == State.ENDED || state == State.ABANDONED) {
                return false;
            }
            waiters.add(waiter);
            budget.extend(deadline);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The same; if it has been answered, that is told at once. False if it has failed. */
    boolean joinOrHear(Consumer<Reply> waiter, long deadline) {
        if (join(waiter, deadline)) {
            return true;
        }
        Reply known = reply();
        if (known == null || known.failure() != null) {
            return false;
        }
        waiter.accept(known);
        return true;
    }

    private @Nullable Reply reply() {
        lock.lock();
        try {
            return reply;
        } finally {
            lock.unlock();
        }
    }

    /** Waits no longer; true if the source has been asked. */
    boolean leave(Consumer<Reply> waiter) {
        State before;
        lock.lock();
        try {
            before = state;
            if (!waiters.remove(waiter) || !waiters.isEmpty() || state == State.ENDED) {
                return before.compareTo(State.LINED_UP) > 0;
            }
            state = State.ABANDONED;
        } finally {
            lock.unlock();
        }
        abandon(before);
        return before.compareTo(State.LINED_UP) > 0;
    }

    /** Somebody waits for it now who has permits, perhaps of what the line waits for: it must not stand there. */
    void hurry() {
        passes = true;
        if (lane.ofProcess().leave(atProcess) || lane.ofSource().leave(atSource)) {
            begin();
        }
    }

    private void abandon(State before) {
        atEnd.accept(this);
        asking.stop();
        if (before == State.LINED_UP
                && (lane.ofProcess().leave(atProcess) || lane.ofSource().leave(atSource))) {
            releasePermits();
        }
    }

    private void takeSourcePermit() {
        holdsSource = true;
        if (isAbandoned()) {
            releasePermits();
        } else if (passes) {
            begin();
        } else {
            lane.ofProcess().acquire(atProcess);
            if (passes && lane.ofProcess().leave(atProcess)) { // since a moment ago
                begin();
            }
        }
    }

    private void takeProcessPermit() {
        holdsProcess = true;
        begin();
    }

    private void begin() {
        lock.lock();
        try {
            if (state == State.LINED_UP) {
                state = State.RUNNING;
            }
        } finally {
            lock.unlock();
        }
        if (isAbandoned()) {
            releasePermits();
            return;
        }
        try {
            asking.begin(this::releasePermits);
        } catch (RejectedExecutionException closed) {
            releasePermits();
            end(notAsked(Failures.of(question.source().name(), closed)));
        }
    }

    private Reply notAsked(Failure why) {
        return new Reply(null, why, lane.clock().instant(), 0, 0);
    }

    private void releasePermits() {
        if (holdsProcess) {
            lane.ofProcess().release();
        }
        if (holdsSource) {
            lane.ofSource().release();
        }
    }

    private void end(Reply reply) {
        List<Consumer<Reply>> told;
        lock.lock();
        try {
            if (state == State.ABANDONED) {
                return;
            }
            state = State.ENDED;
            this.reply = reply;
            told = List.copyOf(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        atEnd.accept(this);
        told.forEach(waiter -> waiter.accept(reply));
    }

    private boolean isAbandoned() {
        lock.lock();
        try {
            return state == State.ABANDONED;
        } finally {
            lock.unlock();
        }
    }

    /** Where it stands in a line. */
    private final class Place implements Permits.Waiter {

        private final Runnable taken;

        private Place(Runnable taken) {
            this.taken = taken;
        }

        @Override
        public void take() {
            taken.run();
        }

        @Override
        public boolean isInTime() {
            return lane.pace().fits(budget.remainingNanos());
        }

        @Override
        public void refuse() {
            releasePermits();
            end(notAsked(Failure.of(
                    question.source().name(),
                    Cause.NO_PERMIT,
                    "not asked: when it could be, %s were left, and half of its answers take longer"
                            .formatted(Durations.text(budget.remaining())))));
        }
    }
}
