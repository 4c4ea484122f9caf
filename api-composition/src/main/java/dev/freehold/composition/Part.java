package dev.freehold.composition;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a source answered for one component of one row: a value, that there is none, or that it could not be asked. In JSON its
 * {@code state} tells which: {@code found}, {@code absent} or {@code unavailable}.
 *
 * @param <T> the value
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Part.Found.class, name = "found"),
    @JsonSubTypes.Type(value = Part.Absent.class, name = "absent"),
    @JsonSubTypes.Type(value = Part.Unavailable.class, name = "unavailable")
})
public sealed interface Part<T> {

    /** The value, if there is one. */
    default Optional<T> optional() {
        return Optional.empty();
    }

    /** The same with another value; what is not found stays as it is. */
    <U> Part<U> map(Function<? super T, ? extends U> mapping);

    /**
     * The source has a value.
     *
     * @param value the value
     * @param asOf when it was asked for
     * @param stale whether it is older than it should be, because the source could not be asked again, or has not got as far as the
     *     page's {@link Consistency} wants
     */
    record Found<T>(T value, Instant asOf, boolean stale) implements Part<T> {

        @Override
        public Optional<T> optional() {
            return Optional.of(value);
        }

        @Override
        public <U> Part<U> map(Function<? super T, ? extends U> mapping) {
            return new Found<>(mapping.apply(value), asOf, stale);
        }
    }

    /**
     * There is none, which is certain.
     *
     * @param key what was asked for; null if the row has no key
     */
    record Absent<T>(@Nullable Object key) implements Part<T> {

        @Override
        @SuppressWarnings("unchecked")
        public <U> Part<U> map(Function<? super T, ? extends U> mapping) {
            return (Part<U>) this;
        }
    }

    /**
     * Whether there is one is not known.
     *
     * @param source the source that did not answer
     * @param cause why
     * @param retryAfter when it is worth asking again, counted from the answer; null if the source did not say
     */
    record Unavailable<T>(
            String source, Cause cause, @Nullable Duration retryAfter) implements Part<T> {

        @Override
        @SuppressWarnings("unchecked")
        public <U> Part<U> map(Function<? super T, ? extends U> mapping) {
            return (Part<U>) this;
        }
    }
}
