package dev.freehold.acceptance.faults;

import dev.freehold.acceptance.faults.Landscape.Conditions;
import dev.freehold.outbox.kafka.Delivery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Orders are placed and billed while instances, broker, databases and the network between them fail. What was committed is
 * published and billed, once in effect, in the order of commits, and nothing else is. {@code -Dfreehold.seed=…} does again
 * what an earlier run did, and {@code -Pfull} does each fault often and also alone, or with
 * {@code -Dfreehold.fault=DATABASE_CRASHED} that one.
 */
class FaultTests {

    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int ROUNDS_OF_ALL = FULL ? 8 : 1;
    private static final int ROUNDS_OF_ONE = Integer.getInteger("freehold.rounds", 20);
    private static final String ONLY = System.getProperty("freehold.fault", "");
    private static final long SEED = Long.getLong("freehold.seed", System.nanoTime());

    @ParameterizedTest
    @EnumSource
    void nothingIsLostOrDoneTwiceWhateverFails(Delivery delivery) throws Exception {
        List<Fault> faults = new ArrayList<>();
        for (int round = 0; round < ROUNDS_OF_ALL; round++) {
            faults.addAll(List.of(Fault.values()));
        }
        if (delivery == Delivery.EXACTLY_ONCE) {
            faults.removeIf(Fault.DATABASE_CRASHED::equals); // which alone may bring events again
        }
        Collections.shuffle(faults, new Random(SEED));
        new Run(SEED, new Conditions(delivery, true, true), faults, 3).assertNothingGoesWrong();
    }

    @ParameterizedTest
    @MethodSource
    @EnabledIfSystemProperty(named = "freehold.full", matches = "true")
    void nothingIsLostOrDoneTwiceWhen(Fault fault, Delivery delivery) throws Exception {
        new Run(SEED, new Conditions(delivery, false, false), Collections.nCopies(ROUNDS_OF_ONE, fault), 1)
                .assertNothingGoesWrong();
    }

    static Stream<Arguments> nothingIsLostOrDoneTwiceWhen() {
        return Arrays.stream(Fault.values())
                .filter(fault -> ONLY.isEmpty() || fault.name().equals(ONLY))
                .flatMap(fault -> Arrays.stream(Delivery.values()).map(delivery -> Arguments.of(fault, delivery)));
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "freehold.full", matches = "true")
    void nothingIsLostOrDoneTwiceWhileTransactionsStayOpen(Delivery delivery) throws Exception {
        new Run(SEED, new Conditions(delivery, true, false), kills(), 1).assertNothingGoesWrong();
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "freehold.full", matches = "true")
    void nothingIsLostOrDoneTwiceWhileClocksAreApart(Delivery delivery) throws Exception {
        new Run(SEED, new Conditions(delivery, false, true), kills(), 1).assertNothingGoesWrong();
    }

    /** So that leases and partitions go from one instance to the other. */
    private static List<Fault> kills() {
        return Stream.generate(() -> List.of(Fault.ORDERS_KILLED, Fault.BILLING_KILLED))
                .flatMap(List::stream)
                .limit(ROUNDS_OF_ONE)
                .toList();
    }
}
