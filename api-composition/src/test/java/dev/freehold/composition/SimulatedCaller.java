package dev.freehold.composition;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls sources on the thread of the page, and lets their replies come in any order, or all at once. */
final class SimulatedCaller implements Caller {

    private final Map<String, List<KeyList>> asked = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private final @Nullable Random order;

    /** Without an order, all replies to what has been asked come together. */
    SimulatedCaller(@Nullable Random order) {
        this.order = order;
    }

    /** What each source has been asked, call by call. */
    Map<String, List<KeyList>> asked() {
        return asked;
    }

    /** What was asked and answered, one after the other: {@code ? customers}, {@code ! customers}. */
    List<String> history() {
        return history;
    }

    @Override
    public Ticket ask(
            Question question, boolean sharable, CallerContext context, Budget budget, Consumer<Reply> waiter) {
        asked.computeIfAbsent(question.source().name(), any -> new ArrayList<>())
                .add((KeyList) question.arguments());
        Reply reply = reply(question, budget);
        String source = question.source().name();
        history.add("? " + source);
        underWay.add(() -> {
            history.add("! " + source);
            waiter.accept(reply);
        });
        return new Ticket() {
            @Override
            public boolean giveBack() {
                return true;
            }

            @Override
            public boolean isShared() {
                return false;
            }
        };
    }

    private Reply reply(Question question, Budget budget) {
        try {
            return new Reply(question.answer(budget), null, Instant.EPOCH, 0, 0);
        } catch (Exception failed) {
            return new Reply(null, Failures.of(question.source().name(), failed), Instant.EPOCH, 0, 0);
        }
    }

    @Override
    public Reply askHere(Question question, Budget budget, Instant asOf) throws Exception {
        return new Reply(question.answer(budget), null, asOf, 0, 0);
    }

    @Override
    public Map<String, Integer> inFlight() {
        return Map.of();
    }

    @Override
    public void close() {}

    @Override
    public Mailbox mailbox() {
        Deque<Runnable> delivered = new ArrayDeque<>();
        return new Mailbox() {
            @Override
            public void put(Runnable delivery) {
                delivered.add(delivery);
            }

            @Override
            public @Nullable Runnable take(long deadline) {
                if (delivered.isEmpty() && deadline > 0) {
                    deliver();
                }
                return delivered.poll();
            }
        };
    }

    private void deliver() {
        int replies = order == null ? underWay.size() : Math.min(1, underWay.size());
        for (int i = 0; i < replies; i++) {
            underWay.remove(order == null ? 0 : order.nextInt(underWay.size())).run();
        }
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
        return 0;
    }
}
