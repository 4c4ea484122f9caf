package dev.freehold.composition;

import io.micrometer.context.ThreadLocalAccessor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of a page should have seen, told by a token that somebody got for a write: so that a page that is asked for
 * after the write shows it, or says that it may not. The token is a text that this module does not look into.
 *
 * <p>It is {@linkplain #open opened} on the thread that asks for pages; in a web service the header {@code X-Consistency-Token} does
 * so. Sources that heed tokens ({@link Source#heedsToken}) get it as a parameter, or by {@link #current()} on the thread that they
 * are called on; others do not see it. A source that has not got so far answers with what it has and calls {@link #missed()}.
 */
public final class Consistency {

    private static final int LONGEST = 4_000; // headers have room for more, and for others
    private static final ThreadLocal<@Nullable Consistency> CURRENT = new ThreadLocal<>();

    private final @Nullable String token;
    private final boolean ofCall;
    private volatile boolean missed;

    private Consistency(@Nullable String token, boolean ofCall) {
        this.token = token;
        this.ofCall = ofCall;
    }

    /**
     * With that token.
     *
     * @throws IllegalArgumentException if it is blank, or longer than 4,000 characters
     */
    public static Consistency of(String token) {
        if (token.isBlank() || token.length() > LONGEST) {
            throw new IllegalArgumentException("token must have 1 to %d characters, and not only blanks, had %d"
                    .formatted(LONGEST, token.length()));
        }
        return new Consistency(token, false);
    }

    /** With that token, or none; for one call. */
    static Consistency ofCall(@Nullable String token) {
        return new Consistency(token, true);
    }

    /** The one of this thread; never null, but perhaps without a token. */
    public static Consistency current() {
        Consistency current = CURRENT.get();
        return current == null ? ofCall(null) : current;
    }

    /** The token of this thread; null: none. */
    static @Nullable String currentToken() {
        Consistency current = CURRENT.get();
        return current == null ? null : current.token;
    }

    /** What should have been seen; empty if nobody asks for that. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /**
     * Tells that the answer may lack what the token stands for: its rows are marked as stale, keys without a row are
     * {@link Cause#BEHIND}, and nothing of it is cached. To be called before the source returns, on any thread. Without a token it does
     * nothing.
     */
    public void missed() {
        missed = token != null;
    }

    /** Whether it is that of a source which is being called, and not only of who asks for pages. */
    public boolean isOfCall() {
        return ofCall;
    }

    /** Whether somebody has told so: a source, or a page that was stale. */
    public boolean isMissed() {
        return missed;
    }

    /** Makes it the {@linkplain #current() current one} of this thread until the scope is closed. */
    public Scope open() {
        Consistency before = CURRENT.get();
        CURRENT.set(this);
        return () -> {
            CURRENT.set(before); // also null: to remove it would cost a new entry with each call
        };
    }

    /** Lets it be carried to another thread that asks for pages in the name of this one. */
    static final class Accessor implements ThreadLocalAccessor<Consistency> {

        @Override
        public Object key() {
            return Consistency.class.getName();
        }

        @Override
        public @Nullable Consistency getValue() {
            return CURRENT.get();
        }

        @Override
        public void setValue(Consistency value) {
            CURRENT.set(value);
        }

        @Override
        public void setValue() {
            CURRENT.remove();
        }
    }

    /** To be closed on the same thread. */
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }
}
