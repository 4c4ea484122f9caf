package dev.freehold.composition;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the sources said to one page: enough to make it again without them, in a test ({@link SimulatedSources#replay}). It holds what
 * they know of people, if they do. Written as JSON and {@linkplain #read read} again, it replays the same.
 *
 * @param view its name
 * @param filter what the page was asked with; null: nothing
 * @param at where it begins, as {@link Keyset#toString} writes it
 * @param limit how many rows it has at most; 0: it was composed around rows that were there
 * @param roots the rows that it is made around, call by call
 * @param keys what was found by filters of other sources
 * @param sources what the other sources said, key by key, by their names
 */
public record PageRecording(
        String view,
        @Nullable Object filter,
        String at,
        int limit,
        List<Roots> roots,
        List<Keys> keys,
        Map<String, List<Answer>> sources) {

    /**
     * An answer of a root source, or the rows that were there.
     *
     * @param at where it was asked to begin
     * @param rows what it said; empty if it failed
     * @param more whether it said that there are more
     * @param stale whether it had not got as far as it should have
     * @param failure why it said nothing
     */
    public record Roots(
            String at,
            List<?> rows,
            boolean more,
            boolean stale,
            @Nullable Failed failure) {}

    /**
     * The keys that match a component of the filter.
     *
     * @param source whose keys
     * @param match what was to match
     * @param keys that do; empty if it failed
     * @param stale whether the source had not got as far as it should have
     * @param failure why it said nothing
     */
    public record Keys(
            String source,
            Object match,
            List<?> keys,
            boolean stale,
            @Nullable Failed failure) {}

    /**
     * What a source said of a key, or a cache that had it from there.
     *
     * @param key of which
     * @param rows what it has; more than one only if it is grouped
     * @param asOf when the source was asked; null if it failed, or the page failed before it answered
     * @param stale whether it is older than it should be
     * @param failure why nothing is known
     */
    public record Answer(
            Object key,
            List<?> rows,
            @Nullable Instant asOf,
            boolean stale,
            @Nullable Failed failure) {

        /** Whether the page failed before it. */
        @JsonIgnore
        boolean isOpen() {
            return asOf == null && failure == null;
        }
    }

    /**
     * Why nothing is known.
     *
     * @param cause what kind it is
     * @param detail for people
     * @param retryAfter when it was worth asking again; null if the source did not say
     */
    public record Failed(
            Cause cause, @Nullable String detail, @Nullable Duration retryAfter) {

        static @Nullable Failed of(@Nullable Failure failure) {
            return failure == null ? null : new Failed(failure.cause(), failure.detail(), failure.retryAfter());
        }

        Failure of(String source) {
            return new Failure(source, cause, detail, null, retryAfter);
        }
    }

    /**
     * Reads what was written as JSON.
     *
     * @param json what the service writes its answers with
     * @throws JacksonException if it cannot be read
     */
    public static PageRecording read(String text, JsonMapper json) {
        return json.rebuild()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // or amounts would lose their scale
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build()
                .readValue(text, PageRecording.class);
    }

    /** Whether every source said something; those that are not are worth keeping, perhaps. */
    @JsonIgnore
    public boolean isComplete() {
        return roots.stream().allMatch(answer -> answer.failure() == null)
                && keys.stream().allMatch(answer -> answer.failure() == null)
                && sources.values().stream().flatMap(List::stream).allMatch(answer -> answer.failure() == null);
    }

    /**
     * Writes the first pages into files, named by their view and a number; others are left alone. A page whose recording cannot be written
     * is made all the same.
     *
     * @param directory where; is made if it is not there
     * @param most how many
     * @param json what the service writes its answers with, so that rows can be read again
     */
    public static PageListener toFiles(Path directory, int most, JsonMapper json) {
        return new RecordingFiles(directory, most, json);
    }
}
