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
    private final Map<Place, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<Place, Permits> ofSources = new ConcurrentHashMap<>();
    private final Map<Object, CallPolicy> policies = new ConcurrentHashMap<>(); // by the source's name
    private final Map<Object, Pace> paces =
            new ConcurrentHashMap<>(); // by what is asked: a source, or a search for its keys
    private final Map<Object, Hedges> hedges = new ConcurrentHashMap<>();
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
    public @Nullable Object askHere(Question question, Budget budget) throws Exception {
        return question.answer(budget);
    }

    @Override
    public Map<String, Integer> inFlight() {
        Map<String, Integer> taken = new TreeMap<>();
        ofSources.forEach((place, permits) -> taken.merge((String) place.what(), permits.taken(), Integer::sum));
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
        return lanes.computeIfAbsent(new Place(source, depth), place -> open(source, depth));
    }

    private Lane open(Question.Target source, int depth) {
        String name = source.name();
        return new Lane(
                depth,
                ofSources.computeIfAbsent(new Place(name, depth), any -> new Permits(concurrency.applyAsInt(name))),
                ofProcess.get(depth),
                workers,
                workers,
                policies.computeIfAbsent(name, any -> policyOf.of(name)),
                paces.computeIfAbsent(source, any -> new Pace()),
                hedges.computeIfAbsent(source, any -> new Hedges(source.hedgeAfter())),
                clock);
    }

    private record Place(Object what, int depth) {}

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
