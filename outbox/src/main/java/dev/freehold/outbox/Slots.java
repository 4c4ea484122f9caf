package dev.freehold.outbox;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Hashes of keys, the same in every language and version: the CRC-32 of their UTF-8, without its highest bit. */
final class Slots {

    private Slots() {}

    static int of(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() & Integer.MAX_VALUE);
    }
}
