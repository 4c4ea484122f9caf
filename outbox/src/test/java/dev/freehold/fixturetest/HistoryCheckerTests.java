package dev.freehold.fixturetest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.fixture.History;
import dev.freehold.fixture.HistoryChecker;
import dev.freehold.fixture.Verdict;
import dev.freehold.fixture.Violation;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class HistoryCheckerTests {

    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final UUID THREE = new UUID(0, 3);

    private final History history = History.inMemory();

    /** Checks that exactly these kinds were found, once each. */
    private Verdict found(Violation... violations) {
        Verdict verdict = HistoryChecker.check(history);
        Map<Violation, Long> expected = new TreeMap<>();
        for (Violation violation : violations) {
            expected.put(violation, 1L);
        }
        Map<Violation, Long> actual = new TreeMap<>();
        verdict.findings().forEach((violation, findings) -> actual.put(violation, findings.count()));
        assertThat(actual).isEqualTo(expected);
        return verdict;
    }

    @Nested
    final class OfWhatWasReceived {

        @Test
        void acceptsEventsInTheOrderOfTheirKeys() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.committed(THREE, "b", 1);
            history.received("c", THREE, "b", 1);
            history.received("c", ONE, "a", 1);
            history.received("c", TWO, "a", 2);
            Verdict verdict = found();
            verdict.assertNoneLost().assertInOrder().assertNoPhantoms().assertNoDuplicates();
            assertThat(verdict.committed()).isEqualTo(3);
            assertThat(verdict.received()).isEqualTo(3);
        }

        @Test
        void findsALostEvent() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.received("c", TWO, "a", 2);
            Verdict verdict = found(Violation.LOST);
            assertThatThrownBy(verdict::assertNoneLost)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("c never received event " + ONE + " (key a, sequence 1)");
        }

        @Test
        void findsThatOneOfTwoConsumersLostAnEvent() {
            history.committed(ONE, "a", 1);
            history.received("c", ONE, "a", 1);
            history.expectReceipts("d");
            assertThatThrownBy(found(Violation.LOST)::assertNoneLost).hasMessageContaining("d never received");
        }

        @Test
        void acceptsThatAnUncertainEventReachesNobody() {
            history.maybe(ONE, "a", 1);
            history.committed(TWO, "a", 1);
            history.received("c", TWO, "a", 1);
            assertThat(found().assertNoneLost().maybe()).isEqualTo(1);
        }

        @Test
        void demandsThatAnUncertainEventReachesAllOrNobody() {
            history.expectReceipts("d");
            history.received("c", ONE, "a", 1);
            history.maybe(ONE, "a", 1);
            Verdict verdict = found(Violation.LOST);
            assertThatThrownBy(verdict::assertNoneLost).hasMessageContaining("d never received");
            assertThat(verdict.settled()).isEqualTo(1);
        }

        @Test
        void findsAnEventThatWasRolledBack() {
            history.maybe(ONE, "a", 1);
            history.received("c", ONE, "a", 1);
            history.rolledBack(ONE, "a");
            assertThatThrownBy(found(Violation.PHANTOM)::assertNoPhantoms).hasMessageContaining("rolled back");
        }

        @Test
        void findsAnEventThatWasNeverWritten() {
            history.received("c", ONE, "a", 1);
            assertThatThrownBy(found(Violation.PHANTOM)::assertNoPhantoms).hasMessageContaining("never written");
        }

        @Test
        void findsAnEventThatWasAltered() {
            history.received("c", ONE, "b", 1);
            history.committed(ONE, "a", 1);
            assertThatThrownBy(found(Violation.ALTERED)::assertNoPhantoms).hasMessageContaining("received as");
        }

        @Test
        void findsAnInversion() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.received("c", TWO, "a", 2);
            history.received("c", ONE, "a", 1);
            assertThatThrownBy(found(Violation.INVERSION)::assertInOrder)
                    .hasMessageContaining("c received event " + ONE)
                    .hasMessageContaining("after event " + TWO);
        }

        @Test
        void keepsTheOrdersOfConsumersAndKeysApart() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.committed(THREE, "b", 0);
            history.received("c", ONE, "a", 1);
            history.received("c", TWO, "a", 2);
            history.received("d", ONE, "a", 1);
            history.received("c", THREE, "b", 0);
            history.received("d", THREE, "b", 0);
            history.received("d", TWO, "a", 2);
            found().assertInOrder();
        }

        @Test
        void countsARepetitionButNoInversionWhenAConsumerGoesBack() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.received("c", ONE, "a", 1, "t", 0, 10);
            history.received("c", TWO, "a", 2, "t", 0, 11);
            history.received("c", ONE, "a", 1, "t", 0, 10);
            Verdict verdict = found(Violation.DUPLICATE);
            verdict.assertInOrder().assertPublishedOnce();
            assertThatThrownBy(verdict::assertNoDuplicates).hasMessageContaining("again event " + ONE);
        }

        @Test
        void findsAnEventInTwoPartitionsAndAcceptsItInTwoTopics() {
            history.committed(ONE, "a", 1);
            history.received("c", ONE, "a", 1, "t", 0, 10);
            history.received("d", ONE, "a", 1, "u", 0, 5);
            found().assertPublishedOnce();
            history.received("e", ONE, "a", 1, "t", 1, 10);
            history.received("f", ONE, "a", 1, "t", 1, 10);
            assertThatThrownBy(found(Violation.REPUBLISHED)::assertPublishedOnce)
                    .hasMessageContaining("partition=1");
        }

        @Test
        void findsAnEventAtTwoPlaces() {
            history.committed(ONE, "a", 1);
            history.received("c", ONE, "a", 1, "t", 0, 10);
            history.received("d", ONE, "a", 1, "t", 0, 11);
            assertThatThrownBy(found(Violation.REPUBLISHED)::assertPublishedOnce)
                    .hasMessageContaining("offset=10")
                    .hasMessageContaining("offset=11");
        }
    }

    @Nested
    final class OfWhatWasDone {

        @Test
        void acceptsOneEffectEach() {
            history.committed(ONE, "a", 1);
            history.effect("c", ONE);
            found().assertOneEffectEach();
        }

        @Test
        void findsAMissingEffect() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 2);
            history.effect("c", TWO);
            assertThatThrownBy(found(Violation.MISSING_EFFECT)::assertOneEffectEach)
                    .hasMessageContaining("c has no effect of event " + ONE);
        }

        @Test
        void findsAConsumerThatDoesNothingAtAll() {
            history.committed(ONE, "a", 1);
            history.expectEffects("c");
            assertThatThrownBy(found(Violation.MISSING_EFFECT)::assertOneEffectEach)
                    .hasMessageContaining("c has no effect");
        }

        @Test
        void findsARepeatedEffect() {
            history.committed(ONE, "a", 1);
            history.effect("c", ONE);
            history.effect("c", ONE);
            assertThatThrownBy(found(Violation.REPEATED_EFFECT)::assertOneEffectEach)
                    .hasMessageContaining("c has 2 effects");
        }

        @Test
        void findsAnEffectOfAnEventThatWasRolledBack() {
            history.rolledBack(ONE, "a");
            history.effect("c", ONE);
            assertThatThrownBy(found(Violation.PHANTOM)::assertNoPhantoms).hasMessageContaining("rolled back");
        }
    }

    @Nested
    final class OfHistoriesThatProveNothing {

        @Test
        void concludesNothingFromNothing() {
            Verdict verdict = found();
            assertThatThrownBy(verdict::assertNoneLost).hasMessageContaining("nothing to judge");
            assertThatThrownBy(verdict::assertNoPhantoms).hasMessageContaining("nothing to judge");
            assertThatThrownBy(verdict::assertInOrder).hasMessageContaining("nothing to judge");
            assertThatThrownBy(verdict::assertNoDuplicates).hasMessageContaining("nothing to judge");
            assertThatThrownBy(verdict::assertPublishedOnce).hasMessageContaining("nothing to judge");
            assertThatThrownBy(verdict::assertOneEffectEach).hasMessageContaining("nothing to judge");
        }

        @Test
        void concludesNothingAboutLossWithoutAConsumer() {
            history.committed(ONE, "a", 1);
            history.effect("c", ONE);
            assertThatThrownBy(found()::assertNoneLost).hasMessageContaining("no consumer records receipts");
        }

        @Test
        void concludesNothingAboutPublishingWithoutPlaces() {
            history.committed(ONE, "a", 1);
            history.received("c", ONE, "a", 1);
            history.received("d", ONE, "a", 1, "t", 0, 0);
            assertThatThrownBy(found()::assertPublishedOnce).hasMessageContaining("only 1 of 2 receipts");
        }

        @Test
        void refusesAnEventThatWasCommittedAndRolledBack() {
            history.committed(ONE, "a", 1);
            history.rolledBack(ONE, "a");
            history.received("c", ONE, "a", 1);
            assertThatThrownBy(found(Violation.CONTRADICTION)::assertNoneLost)
                    .hasMessageContaining("committed and rolled back");
        }

        @Test
        void refusesTwoEventsWithOnePosition() {
            history.committed(ONE, "a", 1);
            history.committed(TWO, "a", 1);
            history.received("c", ONE, "a", 1);
            history.received("c", TWO, "a", 1);
            assertThatThrownBy(found(Violation.CONTRADICTION)::assertInOrder)
                    .hasMessageContaining("has the position of event " + ONE);
        }

        @Test
        void refusesAnEventWrittenInTwoWays() {
            history.maybe(ONE, "a", 1);
            history.committed(ONE, "a", 2);
            history.received("c", ONE, "a", 2);
            assertThatThrownBy(found(Violation.CONTRADICTION)::assertInOrder).hasMessageContaining("also written as");
        }

        @Test
        void refusesAReceiptThatGivesACommittedEventsPositionToAnother() {
            history.maybe(ONE, "a", 1);
            history.committed(TWO, "a", 1);
            history.received("c", ONE, "a", 1);
            history.received("c", TWO, "a", 1);
            assertThatThrownBy(found(Violation.CONTRADICTION)::assertInOrder)
                    .hasMessageContaining("has the position of event " + ONE);
        }

        @Test
        void refusesAnEventWrittenWithTwoKeys() {
            history.maybe(ONE, "a", 1);
            history.committed(ONE, "b", 1);
            history.received("c", ONE, "b", 1);
            assertThatThrownBy(found(Violation.CONTRADICTION)::assertInOrder).hasMessageContaining("also written as");
        }

        @Test
        void refusesASequenceThatItCannotCompare() {
            assertThatThrownBy(() -> history.committed(ONE, "a", -1)).hasMessageContaining("was -1");
            assertThatThrownBy(() -> history.committed(ONE, "a", 1L << 32)).hasMessageContaining("was 4294967296");
        }
    }
}
