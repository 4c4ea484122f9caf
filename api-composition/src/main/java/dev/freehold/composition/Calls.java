package dev.freehold.composition;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The calls that are in flight in this process. */
final class Calls implements Caller {

    /**
     * Calls of a page that is made within a call have permits of their own: that one holds some already, and must not wait for what
     * others hold who wait in the same way. So it goes on within those, not endlessly.
     */
    private static final int DEEPEST = 32;

    private final Map<Question, Call> shared = new ConcurrentHashMap<>();
    private final Claims claims = new Claims();
    private final Map<Question.Target, Lane> lanes = new ConcurrentHashMap<>(); // of pages that are in no call
    private final Map<Place, Permits> ofSources = new ConcurrentHashMap<>();
    private final Map<String, CallPolicy> policies =
            new ConcurrentHashMap<>(); // a source and the search for its keys have one
    private final List<Permits> ofProcess; // by depth
    private final ToIntFunction<String> concurrency;
    private final Workers workers = new Workers();
    private final CallPolicies policyOf;
    private final Clock clock;

    /**
     * Opens them.
     *
     * @param atOnce how many may be in flight in all
     * @param concurrency how many of a source may be
     * @param policies what surrounds the calls of a source
     */
    Calls(int atOnce, ToIntFunction<String> concurrency, CallPolicies policies, Clock clock) {
        this.policyOf = policies;
        this.ofProcess = IntStream.rangeClosed(0, DEEPEST)
                .mapToObj(depth -> new Permits(atOnce))
                .toList();
        this.concurrency = concurrency;
        this.clock = clock;
    }

    @Override
    public Ticket ask(
            Question question, boolean sharable, CallerContext context, Budget budget, Consumer<Reply> waiter) {
        Call call = call(question, context, budget);
        call.join(waiter, budget.deadline());
        while (sharable) {
            Call inFlight = shared.putIfAbsent(question, call);
            if (inFlight == null) {
                break;
            }
            if (!inFlight.isJoinable(Budget.callDepth())) {
                break;
            }
            if (inFlight.join(waiter, budget.deadline())) {
                return new Waiting(inFlight, waiter, true);
            }
            shared.remove(question, inFlight);
        }
        call.start();
        return new Waiting(call, waiter, false);
    }

    private Call call(Question question, CallerContext context, Budget budget) {
        return new Call(question, context, budget.ofCall(), lane(question.source()), this::ended);
    }

    @Override
    public List<Share> divide(Question question, CallerContext context, Budget budget) {
        List<Share> shares = new ArrayList<>();
        claims.divide(question, Budget.callDepth(), own -> call(own, context, budget))
                .forEach((claimed, keys) -> {
                    boolean opened = claimed.call().question().arguments() == keys;
                    shares.add(new ShareOfCall(claimed, keys, !opened, context, budget));
                });
        return shares;
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

    @Override
    public Reply askHere(Question question, Budget budget, Instant asOf) throws Exception {
        long began = nanoTime();
        Object answer = question.answer(budget);
        return new Reply(answer, null, asOf, began, nanoTime());
    }

    @Override
    public Map<String, Integer> inFlight() {
        Map<String, Integer> taken = new TreeMap<>();
        ofSources.forEach((place, permits) -> taken.merge(place.source(), permits.taken(), Integer::sum));
        return taken;
    }

    @Override
    public void close() {
        workers.close();
    }

    private Lane lane(Question.Target source) {
        int depth = Budget.callDepth();
        if (depth > DEEPEST) {
            throw new CompositionException(
                    "source '%s' is asked within a call within a call, %d deep: a source should not ask for views that ask it"
                            .formatted(source.name(), depth));
        }
        Lane lane = lanes.computeIfAbsent(source, this::open);
        return depth == 0 ? lane : lane.within(depth, permits(source, depth), ofProcess.get(depth));
    }

    private Lane open(Question.Target source) {
        return new Lane(
                0,
                permits(source, 0),
                ofProcess.get(0),
                workers,
                workers,
                policies.computeIfAbsent(source.name(), policyOf::of),
                new Pace(),
                new Hedges(source.hedgeAfter()),
                clock);
    }

    private Permits permits(Question.Target source, int depth) {
        return ofSources.computeIfAbsent(
                new Place(source.name(), depth), place -> new Permits(concurrency.applyAsInt(place.source())));
    }

    private record Place(String source, int depth) {}

    private void ended(Call call) {
        shared.remove(call.question(), call);
    }

    private final class ShareOfCall implements Share {

        private final Claims.Claimed claimed;
        private final KeyList keys;
        private final boolean shared;
        private final CallerContext context;
        private final Budget budget;

        private ShareOfCall(
                Claims.Claimed claimed, KeyList keys, boolean shared, CallerContext context, Budget budget) {
            this.claimed = claimed;
            this.shared = shared;
            this.keys = keys;
            this.context = context;
            this.budget = budget;
        }

        @Override
        public KeyList keys() {
            return keys;
        }

        @Override
        public KeyList asked() {
            return (KeyList) claimed.call().question().arguments();
        }

        @Override
        public boolean isShared() {
            return shared;
        }

        @Override
        public Ticket ask(Consumer<Reply> waiter) {
            Call call = claimed.call();
            if (call.joinOrHear(waiter, budget.deadline())) {
                call.start();
                return new Waiting(call, waiter, shared);
            }
            Question own = call.question().with(keys); // everybody has given that one up, or it has failed
            return Calls.this.ask(own, false, context, budget, waiter);
        }

        @Override
        public void leave() {
            claims.leave(claimed);
        }
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
