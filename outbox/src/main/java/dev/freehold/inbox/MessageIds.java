package dev.freehold.inbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Makes ids of any form fit the 16 bytes that the inbox keeps. */
final class MessageIds {

    private static final int UUID_LENGTH = 36;

    private MessageIds() {}

    /** The UUID that the id is, or one made from the SHA-256 of source and id (RFC 9562, version 8). */
    static UUID of(String source, String id) {
        if (id.length() == UUID_LENGTH) {
            try {
                return UUID.fromString(id);
            } catch (IllegalArgumentException e) {
                return hashed(source + " " + id);
            }
        }
        return hashed(source + " " + id);
    }

    private static UUID hashed(String id) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
            long version8 = (hash.getLong() & ~0xf000L) | 0x8000L;
            long variant2 = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
            return new UUID(version8, variant2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
