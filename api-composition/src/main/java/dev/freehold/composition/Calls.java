package dev.freehold.composition;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The calls that are in flight in this process. */
final class Calls implements Caller, AutoCloseable {

    /**
     * For calls of a page that is made within a call: that has permits already, and must not wait for what others hold who wait
     * in the same way.
     */
    private static final Permits UNLIMITED = new Permits(Integer.MAX_VALUE);

    private final Map<Question, Call> shared = new ConcurrentHashMap<>();
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Permits ofProcess;
    private final ToIntFunction<String> concurrency;
    private final Workers workers = new Workers();
    private final CallPolicies policies;
    private final Clock clock;

    /**
     * Opens them.
     *
     * @param atOnce how many may be in flight in all
     * @param concurrency how many of a source may be
     * @param policies what surrounds the calls of a source
     */
    Calls(int atOnce, ToIntFunction<String> concurrency, CallPolicies policies, Clock clock) {
        this.policies = policies;
        this.ofProcess = new Permits(atOnce);
        this.concurrency = concurrency;
        this.clock = clock;
    }

    @Override
    public Ticket ask(
            Question question, boolean sharable, CallerContext context, Budget budget, Consumer<Reply> waiter) {
        Call call = new Call(
                question, context, budget.ofCall(question.source().name()), lane(question.source()), this::ended);
        call.join(waiter, budget.deadline());
        while (sharable) {
            Call inFlight = shared.putIfAbsent(question, call);
            if (inFlight == null) {
                break;
            }
            if (inFlight.join(waiter, budget.deadline())) {
                Set<String> outer = Budget.inCallsOf();
                if (!outer.isEmpty()) {
                    inFlight.hurry(outer.contains(question.source().name()));
                }
                return new Waiting(inFlight, waiter, true);
            }
            shared.remove(question, inFlight);
        }
        call.start();
        return new Waiting(call, waiter, false);
    }

    @Override
    public Mailbox mailbox() {
        return new Queue();
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** How many calls of each source are being carried out, also such that nobody waits for. */
    Map<String, Integer> inFlightOfSources() {
        Map<String, Integer> taken = new TreeMap<>();
        lanes.forEach((source, lane) -> taken.put(source, lane.ofSource().taken()));
        return taken;
    }

    @Override
    public void close() {
        workers.close();
    }

    private Lane lane(Question.Target source) {
        Lane lane = lanes.computeIfAbsent(
                source.name(),
                name -> new Lane(
                        new Permits(concurrency.applyAsInt(name)),
                        ofProcess,
                        workers,
                        workers,
                        policies.of(name),
                        new Pace(),
                        new Hedges(source.hedgeAfter()),
                        clock));
        Set<String> outer = Budget.inCallsOf();
        return outer.isEmpty()
                ? lane
                : lane.with(outer.contains(source.name()) ? UNLIMITED : lane.ofSource(), UNLIMITED);
    }

    private void ended(Call call) {
        shared.remove(call.question(), call);
    }

    private record Waiting(Call call, Consumer<Reply> waiter, boolean isShared) implements Ticket {

        @Override
        public boolean giveBack() {
            return call.leave(waiter);
        }
    }

    private static final class Queue implements Mailbox {

        private final BlockingQueue<Runnable> deliveries = new LinkedBlockingQueue<>();

        @Override
        public void put(Runnable delivery) {
            deliveries.add(delivery);
        }

        @Override
        public @Nullable Runnable take(long deadline) throws InterruptedException {
            return deliveries.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }
}
