package dev.freehold.acceptance.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** How long something stays as it is, while everything else goes on. */
final class Outage {

    private static final Duration MARGIN = Duration.ofSeconds(10);

    private Outage() {}

    static void last(Duration time) {
        if (!time.isZero()) {
            await().pollDelay(time).atMost(time.plus(MARGIN)).until(() -> true);
        }
    }
}
