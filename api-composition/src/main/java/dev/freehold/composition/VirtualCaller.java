package dev.freehold.composition;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers from what it is told, on the thread of the page and on a clock that goes on only when a page waits. */
final class VirtualCaller implements Caller {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final StubAnswers answers;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Set<Object> given = new LinkedHashSet<>(); // back
    private final Map<String, Integer> inFlight = new TreeMap<>();
    private long now;
    private long order;

    VirtualCaller(StubAnswers answers) {
        this.answers = answers;
    }

    private record Event(long time, long order, Runnable work) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    @Override
    public Ticket ask(
            Question question, boolean sharable, CallerContext context, Budget budget, Consumer<Reply> waiter) {
        String source = question.source().name();
        Object ticket = new Object();
        Duration latency = answers.latency(question);
        inFlight.merge(source, 1, Integer::sum);
        if (latency != null) {
            long ended = now + latency.toNanos();
            Reply reply = answers.reply(question, now(), now, ended);
            events.add(new Event(ended, order++, () -> {
                if (!given.remove(ticket)) {
                    inFlight.merge(source, -1, Integer::sum);
                    waiter.accept(reply);
                }
            }));
        } else {
            answers.asked(question);
        }
        return new Ticket() {
            @Override
            public boolean giveBack() {
                if (given.add(ticket)) {
                    inFlight.merge(source, -1, Integer::sum);
                }
                return true;
            }

            @Override
            public boolean isShared() {
                return false;
            }
        };
    }

    @Override
    public Reply askHere(Question question, Budget budget, Instant asOf) {
        return answers.reply(question, asOf, now, now);
    }

    @Override
    public Map<String, Integer> inFlight() {
        return Map.copyOf(inFlight);
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
                while (delivered.isEmpty()) {
                    Event next = events.peek();
                    if (next == null || next.time() > deadline) {
                        now = Math.max(now, deadline);
                        return null;
                    }
                    events.remove();
                    now = Math.max(now, next.time());
                    next.work().run();
                }
                return delivered.remove();
            }
        };
    }

    @Override
    public Instant now() {
        return BEGIN.plusNanos(now);
    }

    @Override
    public long nanoTime() {
        return now;
    }
}
