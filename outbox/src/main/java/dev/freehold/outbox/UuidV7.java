package dev.freehold.outbox;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Message ids: UUID version 7 (RFC 9562, section 5.7), milliseconds first, so that indexes on them grow at one end. */
final class UuidV7 {

    private UuidV7() {}

    static UUID at(long epochMillis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long version7 = (epochMillis << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
        long variant2 = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(version7, variant2);
    }
}
