package dev.freehold.composition;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A place between two rows of a root source: the values of the properties that it is sorted by, of the row before.
 *
 * <p>Rows that are inserted or deleted meanwhile neither repeat nor hide others, as they would with a page's number. A client
 * gets it as text ({@link #toString}) and gives it back ({@link #parse}); it is not secret, and not signed.
 */
public final class Keyset {

    private static final Keyset START = new Keyset(List.of());
    private static final String MARK = "k.";

    private final List<String> values;

    private Keyset(List<String> values) {
        this.values = values;
    }

    /** Before the first row. */
    public static Keyset start() {
        return START;
    }

    /** Behind the row with these values, in the order of {@link RootSource#sort}; their text must be readable again. */
    public static Keyset after(Object... values) {
        List<String> texts = new ArrayList<>(values.length);
        for (Object value : values) {
            texts.add(KeysetValues.write(value));
        }
        return new Keyset(List.copyOf(texts));
    }

    /**
     * What {@link #toString} gave; empty text is the start.
     *
     * @throws IllegalArgumentException if it is not
     */
    @JsonCreator
    public static Keyset parse(String text) {
        if (text.isEmpty()) {
            return START;
        }
        if (!text.startsWith(MARK)) {
            throw new IllegalArgumentException("not a keyset: '" + text + "'");
        }
        List<String> values = new ArrayList<>();
        for (String value : text.substring(MARK.length()).split("\\.", -1)) {
            values.add(decoded(value));
        }
        return new Keyset(List.copyOf(values));
    }

    /** Whether it is before the first row. */
    public boolean isStart() {
        return values.isEmpty();
    }

    /** How many values it has. */
    public int size() {
        return values.size();
    }

    /**
     * One of its values.
     *
     * @param index counted from 0, in the order of {@link RootSource#sort}
     * @param type numbers, text, {@code java.time}, UUIDs, enums, or what has a {@code valueOf} or {@code of} of a text
     * @throws IllegalArgumentException if it is no such value, which means that the client sent something else
     */
    public <T> T get(int index, Class<T> type) {
        if (index < 0 || index >= values.size()) {
            throw new IllegalArgumentException("a keyset of " + values.size() + " values has none at " + index);
        }
        return KeysetValues.read(values.get(index), type);
    }

    /** A text for URLs. */
    @Override
    @JsonValue
    public String toString() {
        return values.stream().map(Keyset::encoded).collect(Collectors.joining(".", isStart() ? "" : MARK, ""));
    }

    private static String encoded(String value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String value) {
        try {
            return new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("not a keyset: '" + value + "' is not Base64", malformed);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyset keyset && keyset.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
