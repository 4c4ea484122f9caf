package dev.freehold.composition;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a source, for everybody who waits for its answer.
 *
 * <ol>
 *   <li>It stands in line for a permit of the source, then for one of the process; neither holds a thread.
 *   <li>A worker carries it out. Its budget is that of the one who waits longest.
 *   <li>Whoever waits is told on the worker's thread. When the last one leaves before, the worker is interrupted, and what the
 *       source asked for by {@link Budget#onStop} is done.
 *   <li>The permits are given back when the source has returned, not when nobody waits any more: the work is still there.
 * </ol>
 */
final class Call {

    /** What carries calls out, and what limits them. */
    record Lane(
            Permits ofSource,
            Permits ofProcess,
            Executor workers,
            Timer timer,
            CallPolicy policy,
            Clock clock,
            Consumer<Call> atEnd) {}

    private enum State {
        LINED_UP,
        RUNNING,
        ENDED,
        ABANDONED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Reply>> waiters = new ArrayList<>(1);
    private final Runnable withSourcePermit = this::takeSourcePermit;
    private final Runnable withBothPermits = this::takeProcessPermit;
    private final Question question;
    private final CallerContext context;
    private final Budget budget;
    private final Lane lane;
    private State state = State.LINED_UP;
    private @Nullable Thread worker;
    private volatile boolean passesProcess; // needs no permit of the process
    private volatile boolean passesSource; // nor of the source
    private volatile boolean holdsSource;
    private volatile boolean holdsProcess;

    Call(Question question, CallerContext context, Budget budget, Lane lane) {
        this.question = question;
        this.context = context;
        this.budget = budget;
        this.lane = lane;
    }

    Question question() {
        return question;
    }

    void start() {
        lane.ofSource().acquire(withSourcePermit);
        if (passesSource && lane.ofSource().leave(withSourcePermit)) { // since a moment ago
            handToWorker();
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

    /** Waits no longer; true if the source has been asked. */
    boolean leave(Consumer<Reply> waiter) {
        State before;
        lock.lock();
        try {
            before = state;
            if (!waiters.remove(waiter) || !waiters.isEmpty() || state == State.ENDED) {
                return before != State.LINED_UP;
            }
            state = State.ABANDONED;
            if (worker != null) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
        abandon(before);
        return before != State.LINED_UP;
    }

    /**
     * Somebody waits for it now who has permits: it must not stand in line for such.
     *
     * @param pastSource whether one of this source is among them
     */
    void hurry(boolean pastSource) {
        passesProcess = true;
        if (pastSource) {
            passesSource = true;
        }
        if (lane.ofProcess().leave(withBothPermits)
                || pastSource && lane.ofSource().leave(withSourcePermit)) {
            handToWorker();
        }
    }

    private void abandon(State before) {
        lane.atEnd().accept(this);
        budget.stop();
        if (before == State.LINED_UP
                && (lane.ofProcess().leave(withBothPermits) || lane.ofSource().leave(withSourcePermit))) {
            releasePermits();
        }
    }

    private void takeSourcePermit() {
        holdsSource = true;
        if (isAbandoned()) {
            releasePermits();
        } else if (passesProcess) {
            handToWorker();
        } else {
            lane.ofProcess().acquire(withBothPermits);
            if (passesProcess && lane.ofProcess().leave(withBothPermits)) { // since a moment ago
                handToWorker();
            }
        }
    }

    private void takeProcessPermit() {
        holdsProcess = true;
        handToWorker();
    }

    private void handToWorker() {
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
            lane.workers().execute(this::run);
        } catch (RejectedExecutionException closed) {
            releasePermits();
            end(new Reply(
                    null,
                    Failures.of(question.source().name(), closed),
                    lane.clock().instant(),
                    0,
                    0));
        }
    }

    private void run() {
        Reply reply = null;
        try {
            if (begin()) {
                reply = ask();
            }
        } finally {
            finishWork();
            releasePermits();
        }
        if (reply != null) {
            end(reply);
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            worker = Thread.currentThread();
            return state == State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ThrowableNotThrown") // what a source throws becomes part of the reply
    private Reply ask() {
        Instant asOf = lane.clock().instant();
        long began = System.nanoTime();
        try (CallerContext.Scope set = context.restore()) {
            Object answer = lane.policy().call(new QuestionAttempt(question, budget, lane.timer()));
            return new Reply(answer, null, asOf, began, System.nanoTime());
        } catch (Throwable thrown) { // a source may throw anything, and the page must go on
            Failure failure = Failures.of(question.source().name(), thrown);
            return new Reply(null, failure, asOf, began, System.nanoTime());
        }
    }

    /** From here on nobody interrupts this thread because of this call, and no interrupt of it is left. */
    private void finishWork() {
        lock.lock();
        try {
            worker = null;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
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
            told = List.copyOf(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        lane.atEnd().accept(this);
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
}
