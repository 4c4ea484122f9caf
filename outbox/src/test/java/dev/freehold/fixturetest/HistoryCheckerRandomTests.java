package dev.freehold.fixturetest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import dev.freehold.fixturetest.RandomRun.Event;
import dev.freehold.fixturetest.RandomRun.Outcome;
import dev.freehold.fixturetest.RandomRun.Receipt;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every good run passes, and every way of spoiling one is found, with no finding besides. */
final class HistoryCheckerRandomTests {

    private static final int RUNS = 300;

    @Test
    void acceptsGoodRuns() {
        eachRun(run -> {
            Verdict verdict = run.judge();
            assertThat(counts(verdict)).isEqualTo(expected(run, Map.of()));
            verdict.assertNoneLost()
                    .assertNoPhantoms()
                    .assertInOrder()
                    .assertPublishedOnce()
                    .assertOneEffectEach();
            assertThat(verdict.committed() + verdict.settled())
                    .isEqualTo(run.happened().size());
        });
    }

    @Test
    void findsADroppedEvent() {
        eachRun(run -> {
            Event dropped = run.any(run.happened());
            List<Receipt> receipts = run.receipts(run.anyConsumer());
            int before = receipts.size();
            receipts.removeIf(receipt -> receipt.event().equals(dropped));
            run.repetitions -= before - receipts.size() - 1;
            assertThat(counts(run.judge())).isEqualTo(expected(run, Map.of(Violation.LOST, 1L)));
        });
    }

    @Test
    void findsTwoEventsOfAKeySwapped() {
        eachRun(run -> {
            String consumer = run.anyConsumer();
            List<Receipt> receipts = run.receipts(consumer);
            List<Integer> firsts = run.firsts(consumer);
            int later = run.any(firsts.stream()
                    .filter(i -> receipts.get(i).event().sequence() > 0)
                    .toList());
            int earlier = run.any(firsts.stream()
                    .filter(i -> i < later
                            && receipts.get(i)
                                    .event()
                                    .key()
                                    .equals(receipts.get(later).event().key()))
                    .toList());
            Collections.swap(receipts, earlier, later);
            Verdict verdict = run.judge();
            assertThat(verdict.count(Violation.INVERSION)).isPositive().isEqualTo(naiveInversions(run));
            assertThat(verdict.findings().keySet()).isSubsetOf(Violation.INVERSION, Violation.DUPLICATE);
        });
    }

    @Test
    void countsInversionsOfAnyOrderAsDefined() {
        eachRun(run -> {
            run.receipts.values().forEach(receipts -> Collections.shuffle(receipts, run.random));
            Verdict verdict = run.judge();
            assertThat(verdict.count(Violation.INVERSION)).isPositive().isEqualTo(naiveInversions(run));
        });
    }

    @Test
    void countsARepeatedReceipt() {
        eachRun(run -> {
            List<Receipt> receipts = run.receipts(run.anyConsumer());
            int index = run.random.nextInt(receipts.size());
            receipts.add(index + run.random.nextInt(receipts.size() - index) + 1, receipts.get(index));
            run.repetitions++;
            assertThat(counts(run.judge())).isEqualTo(expected(run, Map.of()));
        });
    }

    @Test
    void findsAnEventPublishedTwice() {
        eachRun(run -> {
            List<Receipt> receipts = run.receipts(run.anyConsumer());
            Event event = run.any(receipts).event();
            receipts.add(new Receipt(event, event.sequence(), 1_000_000));
            run.repetitions++;
            assertThat(counts(run.judge())).isEqualTo(expected(run, Map.of(Violation.REPUBLISHED, 1L)));
        });
    }

    @Test
    void findsAnEventThatDidNotHappen() {
        eachRun(run -> {
            Event rolledBack = run.any(Outcome.ROLLED_BACK);
            run.receipts(run.anyConsumer()).add(RandomRun.receipt(rolledBack));
            UUID unknown = new UUID(run.random.nextLong(), run.random.nextLong());
            run.more.add(history -> history.received(run.anyConsumer(), unknown, "other", 0));
            Map<Violation, Long> counts = counts(run.judge());
            counts.remove(Violation.INVERSION);
            assertThat(counts).isEqualTo(expected(run, Map.of(Violation.PHANTOM, 2L)));
        });
    }

    @Test
    void findsAnAlteredEvent() {
        eachRun(run -> {
            List<Receipt> receipts = run.receipts(run.anyConsumer());
            int index = run.random.nextInt(receipts.size());
            Event event = receipts.get(index).event();
            receipts.set(index, new Receipt(event, event.sequence() + 1, event.offset()));
            assertThat(counts(run.judge())).isEqualTo(expected(run, Map.of(Violation.ALTERED, 1L)));
        });
    }

    @Test
    void findsADoubleAndAMissingEffect() {
        eachRun(run -> {
            List<Event> effects = run.effects("billing");
            effects.add(run.random.nextInt(effects.size()), run.any(effects));
            List<Event> others = run.effects("shipping");
            others.remove(run.random.nextInt(others.size()));
            Map<Violation, Long> expected =
                    expected(run, Map.of(Violation.REPEATED_EFFECT, 1L, Violation.MISSING_EFFECT, 1L));
            assertThat(counts(run.judge())).isEqualTo(expected);
        });
    }

    @Test
    void findsACommittedEventThatIsSaidToBeRolledBack() {
        eachRun(run -> {
            Event event = run.any(Outcome.COMMITTED);
            run.more.add(history -> history.rolledBack(event.id(), event.key()));
            assertThat(counts(run.judge())).isEqualTo(expected(run, Map.of(Violation.CONTRADICTION, 1L)));
        });
    }

    private static void eachRun(Consumer<RandomRun> check) {
        LongStream.range(0, RUNS).forEach(seed -> {
            RandomRun run = new RandomRun(seed);
            try {
                check.accept(run);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        });
    }

    private static Map<Violation, Long> counts(Verdict verdict) {
        Map<Violation, Long> counts = new TreeMap<>();
        verdict.findings().forEach((violation, findings) -> counts.put(violation, findings.count()));
        return counts;
    }

    private static Map<Violation, Long> expected(RandomRun run, Map<Violation, Long> spoiled) {
        Map<Violation, Long> expected = new TreeMap<>(spoiled);
        if (run.repetitions > 0) {
            expected.put(Violation.DUPLICATE, (long) run.repetitions);
        }
        return expected;
    }

    /** The definition, word by word: first receipts that come after that of a higher sequence of their key. */
    private static long naiveInversions(RandomRun run) {
        long inversions = 0;
        for (String consumer : RandomRun.CONSUMERS) {
            List<Event> firsts = run.firsts(consumer).stream()
                    .map(index -> run.receipts(consumer).get(index).event())
                    .toList();
            for (int i = 0; i < firsts.size(); i++) {
                Event event = firsts.get(i);
                boolean late = firsts.subList(0, i).stream()
                        .anyMatch(
                                earlier -> earlier.key().equals(event.key()) && earlier.sequence() > event.sequence());
                inversions += late ? 1 : 0;
            }
        }
        return inversions;
    }
}
