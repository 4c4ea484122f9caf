package dev.freehold.acceptance.faults.services;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Stands in for the JDK's clocks in JVMs with {@link ClockAgent}; public because classes of all packages call it then. */
public final class ShiftedClock {

    private static volatile Duration shift = Duration.ZERO;

    private ShiftedClock() {}

    static void shift(Duration by) {
        shift = by;
    }

    static Duration shift() {
        return shift;
    }

    /** Takes the place of {@link System#currentTimeMillis}. */
    public static long currentTimeMillis() {
        return System.currentTimeMillis() + shift.toMillis();
    }

    /** Takes the place of {@link Instant#now()}. */
    public static Instant now() {
        return Instant.now().plus(shift);
    }

    /** Takes the place of {@link Clock#systemUTC}. */
    public static Clock systemUTC() {
        return Clock.offset(Clock.systemUTC(), shift);
    }

    /** Takes the place of {@link Clock#systemDefaultZone}. */
    public static Clock systemDefaultZone() {
        return Clock.offset(Clock.systemDefaultZone(), shift);
    }
}
