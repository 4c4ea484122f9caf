package dev.freehold.composition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the question of a call: on a worker and, if the source is hedged and takes long, on a second one, which needs permits that
 * nobody else wants. The first answer counts, and a failure only if there is no other one to come; who is too late is interrupted,
 * and its {@link Budget} is over.
 */
final class Asking {

    private final ReentrantLock lock = new ReentrantLock();
    private final Question question;
    private final CallerContext context;
    private final Budget budget;
    private final Lane lane;
    private final Consumer<Reply> then;
    private final List<Run> running = new ArrayList<>(1);
    private volatile Runnable cancelHedge = () -> {};
    private @Nullable Reply failed;
    private boolean over;

    /**
     * Has not begun.
     *
     * @param then told of the reply, on the worker's thread, unless it is stopped before
     */
    Asking(Question question, CallerContext context, Budget budget, Lane lane, Consumer<Reply> then) {
        this.question = question;
        this.context = context;
        this.budget = budget;
        this.lane = lane;
        this.then = then;
    }

    /**
     * Begins.
     *
     * @param release run when the worker has come back from the source
     * @throws RejectedExecutionException if there are no workers any more, and so nothing begins
     */
    void begin(Runnable release) {
        Duration delay = lane.hedges().delay(lane.pace());
        if (!start(new Run(delay == null ? budget : budget.part(), release))) {
            release.run(); // it was given up a moment ago
        } else if (delay != null) {
            hedgeAfter(delay);
        }
    }

    private void hedgeAfter(Duration delay) {
        try {
            cancelHedge = lane.timer().after(delay, this::hedge);
        } catch (RejectedExecutionException closed) {
            cancelHedge = () -> {}; // what is asked already may still be answered
        }
    }

    /** Nobody wants the answer any more. */
    void stop() {
        List<Run> stopped;
        lock.lock();
        try {
            stopped = end();
        } finally {
            lock.unlock();
        }
        cancelHedge.run();
        budget.stop(); // first: or a policy would take the interrupt for the source's failure
        if (!stopped.isEmpty()) {
            soon(() -> stopped.forEach(Run::interrupt));
        }
    }

    /** By another thread: the one that gives the answer up has a page to end, and many end at the same time when a source is silent. */
    private void soon(Runnable work) {
        try {
            lane.timer().after(Duration.ZERO, work);
        } catch (RejectedExecutionException closed) {
            work.run();
        }
    }

    /** On the timer's thread. */
    private void hedge() {
        if (!isWorthwhile() || !lane.ofSource().tryAcquire()) {
            return;
        }
        if (!lane.ofProcess().tryAcquire()) {
            lane.ofSource().release();
            return;
        }
        Runnable release = () -> {
            lane.ofProcess().release();
            lane.ofSource().release();
        };
        try {
            if (!lane.hedges().tryTake() || !start(new Run(budget.part(), release))) {
                release.run();
            }
        } catch (RejectedExecutionException | Error noWorker) {
            release.run(); // what is asked already may still be answered
        }
    }

    private boolean isWorthwhile() {
        lock.lock();
        try {
            return !over && lane.pace().fits(budget.remainingNanos());
        } finally {
            lock.unlock();
        }
    }

    /** False if it is over already. */
    private boolean start(Run run) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            running.add(run);
        } finally {
            lock.unlock();
        }
        boolean begun = false;
        try {
            lane.workers().execute(run);
            begun = true;
            return true;
        } finally {
            if (!begun) {
                withdraw(run);
            }
        }
    }

    private void withdraw(Run run) {
        Reply first;
        lock.lock();
        try {
            running.remove(run);
            first = over || !running.isEmpty() ? null : failed;
            over |= first != null;
        } finally {
            lock.unlock();
        }
        if (first != null) { // which has failed while this one was about to begin
            then.accept(first);
        }
    }

    private void ended(Run run, Reply reply) {
        List<Run> late;
        Reply told;
        lock.lock();
        try {
            running.remove(run);
            if (over) {
                return;
            }
            if (reply.failure() != null && !running.isEmpty()) {
                failed = reply;
                return;
            }
            told = reply.failure() != null && failed != null ? failed : reply;
            late = end();
        } finally {
            lock.unlock();
        }
        cancelHedge.run();
        late.forEach(Run::tooLate);
        if (reply.failure() == null) {
            lane.pace().answered(reply.ended() - reply.began());
        }
        then.accept(told);
    }

    /** Gives those that are still with the source. */
    private List<Run> end() {
        over = true;
        List<Run> late = List.copyOf(running);
        running.clear();
        return late;
    }

    /** On one worker. */
    private final class Run implements Runnable {

        private final Budget own;
        private final Runnable release;
        private @Nullable Thread worker;
        private volatile long began;

        private Run(Budget own, Runnable release) {
            this.own = own;
            this.release = release;
        }

        @Override
        public void run() {
            Reply reply = null;
            try {
                if (enter()) {
                    reply = ask();
                }
            } finally {
                leave();
                try {
                    release.run();
                } finally {
                    if (reply != null) {
                        ended(this, reply);
                    }
                }
            }
        }

        private boolean enter() {
            lock.lock();
            try {
                worker = Thread.currentThread();
                return !over;
            } finally {
                lock.unlock();
            }
        }

        @SuppressWarnings("ThrowableNotThrown") // what a source throws becomes part of the reply
        private Reply ask() {
            Instant asOf = lane.clock().instant();
            began = System.nanoTime();
            try (CallerContext.Scope set = context.restore(question.source().forEverybody())) {
                QuestionAttempt attempt = new QuestionAttempt(question, own, lane.timer(), lane.pace());
                Object answer = lane.policy().call(attempt);
                return new Reply(answer, null, asOf, began, System.nanoTime(), attempt.isTrial(), attempt.hasMissed());
            } catch (Throwable thrown) { // a source may throw anything, and the page must go on
                Failure failure = Failures.of(question.source().name(), thrown);
                return new Reply(null, failure, asOf, began, System.nanoTime());
            }
        }

        /** From here on nobody interrupts this thread because of this call, and no interrupt of it is left. */
        private void leave() {
            lock.lock();
            try {
                worker = null;
                Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }

        private void interrupt() {
            lock.lock();
            try {
                if (worker != null && question.source().interruptible()) {
                    worker.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Another one has answered before; that this one took longer is all that is known of its pace. */
        private void tooLate() {
            own.stop();
            interrupt();
            if (began != 0) {
                lane.pace().answered(System.nanoTime() - began);
            }
        }
    }
}
