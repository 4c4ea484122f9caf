package dev.freehold.outbox.internal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What makes a message the same one. */
public final class MessageIdentity {

    private MessageIdentity() {}

    /** A UUID alone; any other id with the source, in which alone CloudEvents promises it to be unique. */
    public static String of(@Nullable String source, String id) {
        return source == null || source.isEmpty() || isUuid(id) ? id : source + " " + id;
    }

    private static boolean isUuid(String id) {
        try {
            return UUID.fromString(id).toString().equalsIgnoreCase(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
