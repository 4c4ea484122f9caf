package dev.freehold.composition;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Asks a question, each time with a budget that ends with the attempt's time or with the call's. */
final class QuestionAttempt implements CallPolicy.Attempt {

    private final Question question;
    private final Budget budget;
    private final Timer timer;
    private final Pace pace;
    private boolean trial;
    private boolean missed;

    QuestionAttempt(Question question, Budget budget, Timer timer, Pace pace) {
        this.pace = pace;
        this.question = question;
        this.budget = budget;
        this.timer = timer;
    }

    @Override
    public Budget budget() {
        return budget;
    }

    @Override
    public Duration usual() {
        return pace.quantile(0.5);
    }

    @Override
    public void onTrial() {
        trial = true;
    }

    /** Whether the source was only being tried out. */
    boolean isTrial() {
        return trial;
    }

    /** Whether the last answer is from before what it should have seen. */
    boolean hasMissed() {
        return missed;
    }

    @Override
    public @Nullable Object run() throws Exception {
        return run(budget);
    }

    @Override
    public @Nullable Object run(Duration atMost) throws Exception {
        Budget shorter = budget.shorter(atMost);
        Alarm alarm = new Alarm(question.source().interruptible() ? Thread.currentThread() : null, shorter);
        Runnable cancel = timer.after(atMost, alarm);
        try {
            Object answer = run(shorter);
            if (!alarm.isOver()) {
                return answer;
            }
        } catch (Exception failed) {
            if (!alarm.isOver()) {
                throw failed;
            }
        } finally {
            cancel.run();
            alarm.turnOff();
        }
        throw new TimeoutException("no answer within " + atMost);
    }

    private @Nullable Object run(Budget limit) throws Exception {
        if (limit.isOver()) {
            throw new TimeoutException("the budget is over");
        }
        Consistency wanted = Consistency.ofCall(question.token());
        try (Budget.Scope scope = limit.open();
                Consistency.Scope token = wanted.open()) {
            Object answer = question.answer(limit);
            missed = wanted.isMissed();
            return answer;
        }
    }

    /** Ends a budget and interrupts a thread, unless it has been turned off before; an interrupt that comes too late is taken back. */
    private static final class Alarm implements Runnable {

        private final ReentrantLock lock = new ReentrantLock();
        private final @Nullable Thread thread;
        private final Budget budget;
        private boolean on = true;
        private boolean over;

        private Alarm(@Nullable Thread thread, Budget budget) {
            this.thread = thread;
            this.budget = budget;
        }

        @Override
        public void run() {
            lock.lock();
            try {
                if (!on) {
                    return;
                }
                over = true;
                if (thread != null) {
                    thread.interrupt();
                }
            } finally {
                lock.unlock();
            }
            budget.stop();
        }

        private boolean isOver() {
            lock.lock();
            try {
                return over;
            } finally {
                lock.unlock();
            }
        }

        private void turnOff() {
            lock.lock();
            try {
                on = false;
                if (over && thread != null) {
                    Thread.interrupted();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
