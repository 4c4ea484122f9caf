package dev.freehold.fixturetest;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A correct run of writers and two at-least-once consumers, made at random, that a test can spoil and have judged. */
final class RandomRun {

    static final List<String> CONSUMERS = List.of("billing", "shipping");
    private static final int EVENTS = 80;
    private static final int KEYS = 5;

    final Random random;
    final List<Event> events = new ArrayList<>();
    final Map<String, List<Receipt>> receipts = new TreeMap<>();
    final Map<String, List<Event>> effects = new TreeMap<>();
    /** Facts that the test adds. */
    final List<Consumer<History>> more = new ArrayList<>();

    int repetitions;

    enum Outcome {
        COMMITTED,
        UNKNOWN_AND_HAPPENED,
        UNKNOWN_AND_NOT,
        ROLLED_BACK
    }

    record Event(UUID id, String key, long sequence, Outcome outcome, int partition, long offset) {
        boolean happened() {
            return outcome == Outcome.COMMITTED || outcome == Outcome.UNKNOWN_AND_HAPPENED;
        }
    }

    record Receipt(Event event, long sequence, long offset) {}

    RandomRun(long seed) {
        random = new Random(seed);
        write();
        for (String consumer : CONSUMERS) {
            receipts.put(consumer, receive());
            effects.put(consumer, new ArrayList<>(happened()));
        }
    }

    private void write() {
        long[] sequences = new long[KEYS];
        for (int i = 0; i < EVENTS; i++) {
            int key = random.nextInt(KEYS);
            Outcome outcome = i < EVENTS / 2 ? Outcome.COMMITTED : Outcome.values()[random.nextInt(4)];
            Event event = new Event(
                    new UUID(random.nextLong(), random.nextLong()), "key\t" + key, sequences[key], outcome, key % 2, i);
            events.add(event);
            sequences[key] += event.happened() ? 1 : 0;
        }
    }

    List<Event> happened() {
        return events.stream().filter(Event::happened).toList();
    }

    Event any(Outcome outcome) {
        return any(events.stream().filter(event -> event.outcome() == outcome).toList());
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String anyConsumer() {
        return any(CONSUMERS);
    }

    /** Merges the partitions at random and goes back a few records now and then, as after a rebalance. */
    private List<Receipt> receive() {
        List<Deque<Event>> partitions = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        happened().forEach(event -> partitions.get(event.partition()).add(event));
        List<Receipt> received = new ArrayList<>();
        while (!partitions.stream().allMatch(Deque::isEmpty)) {
            Event next = partitions.get(random.nextInt(2)).poll();
            if (next != null) {
                received.add(receipt(next));
            }
            if (random.nextInt(20) == 0) {
                int again = random.nextInt(received.size() + 1);
                repetitions += again;
                received.addAll(List.copyOf(received.subList(received.size() - again, received.size())));
            }
        }
        return received;
    }

    static Receipt receipt(Event event) {
        return new Receipt(event, event.sequence(), event.offset());
    }

    /** Returns the indexes of the first receipts of a consumer, in order. */
    List<Integer> firsts(String consumer) {
        List<Receipt> all = receipts(consumer);
        List<Integer> firsts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Event event = all.get(i).event();
            if (all.subList(0, i).stream().noneMatch(earlier -> earlier.event().equals(event))) {
                firsts.add(i);
            }
        }
        return firsts;
    }

    List<Receipt> receipts(String consumer) {
        return receipts.getOrDefault(consumer, List.of());
    }

    List<Event> effects(String consumer) {
        return effects.getOrDefault(consumer, List.of());
    }

    /** Records the run, its strands interleaved at random: a receipt may be recorded before the commit. */
    Verdict judge() {
        List<Deque<Consumer<History>>> strands = new ArrayList<>();
        strands.add(strand(events, RandomRun::record));
        receipts.forEach(
                (consumer, all) -> strands.add(strand(all, (history, each) -> record(history, consumer, each))));
        effects.forEach((consumer, all) ->
                strands.add(strand(all, (history, event) -> history.effect(consumer, event.id()))));
        strands.add(new ArrayDeque<>(more));
        History history = History.inMemory();
        while (!strands.isEmpty()) {
            Deque<Consumer<History>> strand = any(strands);
            Consumer<History> fact = strand.poll();
            if (fact == null) {
                strands.remove(strand);
            } else {
                fact.accept(history);
            }
        }
        return HistoryChecker.check(history);
    }

    private static <T> Deque<Consumer<History>> strand(List<T> things, BiConsumer<History, T> record) {
        Deque<Consumer<History>> strand = new ArrayDeque<>();
        things.forEach(thing -> strand.add(history -> record.accept(history, thing)));
        return strand;
    }

    private static void record(History history, Event event) {
        switch (event.outcome()) {
            case COMMITTED -> {
                history.maybe(event.id(), event.key(), event.sequence());
                history.committed(event.id(), event.key(), event.sequence());
            }
            case UNKNOWN_AND_HAPPENED, UNKNOWN_AND_NOT -> history.maybe(event.id(), event.key(), event.sequence());
            case ROLLED_BACK -> {
                history.maybe(event.id(), event.key(), event.sequence());
                history.rolledBack(event.id(), event.key());
            }
        }
    }

    private static void record(History history, String consumer, Receipt receipt) {
        Event event = receipt.event();
        history.received(
                consumer, event.id(), event.key(), receipt.sequence(), "orders", event.partition(), receipt.offset());
    }
}
