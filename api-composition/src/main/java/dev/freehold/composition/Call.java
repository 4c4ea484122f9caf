package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
    private final Permits.Waiter atSource;
    private final Permits.Waiter atProcess;
    private final Question question;
    private final Budget budget;
    private final Lane lane;
    private final Consumer<Call> atEnd;
    private final Asking asking;
    private State state = State.NEW;
    private @Nullable Reply reply;
    private volatile boolean holdsSource;
    private volatile boolean holdsProcess;

    /**
     * Has not begun.
     *
     * @param atEnd told when nobody can wait for it any more
     */
    Call(Question question, CallerContext context, Budget budget, Lane lane, Consumer<Call> atEnd) {
        this.atSource = new Place(lane.ofSource(), this::takeSourcePermit);
        this.atProcess = new Place(lane.ofProcess(), this::takeProcessPermit);
        this.question = question;
        this.budget = budget;
        this.lane = lane;
        this.atEnd = atEnd;
        this.asking = new Asking(question, context, budget, lane, this::end);
    }

    Question question() {
        return question;
    }

    /** Whether a page within so many calls may wait for it: what it waits for itself is always deeper, so nobody waits in a circle. */
    boolean isJoinable(int depth) {
        return lane.depth() >= depth;
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
            return;
        }
        lane.ofProcess().acquire(atProcess);
        if (isAbandoned() && lane.ofProcess().leave(atProcess)) { // since a moment ago
            releasePermits();
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
        } catch (RejectedExecutionException | Error noWorker) {
            releasePermits();
            end(notAsked(Failures.of(question.source().name(), noWorker)));
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
        endUnless(() -> false, reply);
    }

    /** False, and it goes on, if that is so. */
    private boolean endUnless(BooleanSupplier goesOn, Reply reply) {
        List<Consumer<Reply>> told;
        lock.lock();
        try {
            if (state == State.ABANDONED) {
                return true;
            }
            if (goesOn.getAsBoolean()) {
                return false;
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
        return true;
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

        private final Permits permits;
        private final Runnable taken;

        private Place(Permits permits, Runnable taken) {
            this.permits = permits;
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
            boolean ended = endUnless(
                    this::isInTime, // since somebody has joined it a moment ago
                    notAsked(Failure.of(
                            question.source().name(),
                            Cause.NO_PERMIT,
                            "not asked: when it could be, %s were left, and half of its answers take longer"
                                    .formatted(Durations.text(budget.remaining())))));
            if (ended) {
                releasePermits();
            } else {
                permits.acquire(this);
            }
        }
    }
}
