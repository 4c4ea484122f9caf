package dev.freehold.composition;

import java.nio.charset.StandardCharsets;

/**
 * How long the keys of a call may be in a URL, as {@code name=value&} each, percent-encoded (RFC 3986, 2.3).
 *
 * @param maxBytes of all keys
 * @param name of the parameter
 */
record UrlLimit(int maxBytes, String name) {

    /** What a URL of 8 KiB, which servers take, has room for beside scheme, host, path and other parameters. */
    static final int USUAL = 6_000;

    private static final String UNRESERVED = "-._~";

    /** What a key takes of it. */
    int bytes(Object key) {
        int bytes = name.length() + 2;
        for (byte one : key.toString().getBytes(StandardCharsets.UTF_8)) {
            boolean plain = one > 0 && (Character.isLetterOrDigit(one) || UNRESERVED.indexOf(one) >= 0);
            bytes += plain ? 1 : 3;
        }
        return bytes;
    }
}
