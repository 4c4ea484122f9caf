package dev.freehold.composition;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** What kind of failure an exception of a source is. */
final class Failures {

    private static final boolean WEB = isPresent("org.springframework.web.client.RestClientResponseException");
    private static final boolean WEBFLUX =
            isPresent("org.springframework.web.reactive.function.client.WebClientResponseException");
    private static final boolean SQL = isPresent("java.sql.SQLException");
    private static final boolean GRPC = isPresent("io.grpc.StatusRuntimeException");

    private static final int DEEPEST = 100; // causes, which may go round in a circle

    private Failures() {}

    /** Goes from the exception to its causes until one is known. */
    static Failure of(String source, Throwable thrown) {
        Throwable outermost = unwrapped(thrown);
        Failure vague = null;
        Throwable one = outermost;
        for (int depth = 0; one != null && depth < DEEPEST; one = one.getCause(), depth++) {
            Failure said = said(source, one, outermost);
            if (said != null) {
                return said;
            }
            Cause known = known(one);
            if (known != null && !isVague(known, one)) {
                return new Failure(source, known, one.toString(), outermost, retryAfter(one));
            }
            if (known != null && (vague == null || known == Cause.CONNECTION)) { // it broke while it was read
                vague = new Failure(source, known, one.toString(), outermost, null);
            }
        }
        return vague != null ? vague : new Failure(source, Cause.ERROR, outermost.toString(), outermost, null);
    }

    /** Whether what it comes from may know better: clients wrap whatever happens to them into an {@code IOException}, for one. */
    private static boolean isVague(Cause known, Throwable thrown) {
        return thrown.getClass() == IOException.class
                || SQL && SqlFailures.isVague(thrown)
                || known == Cause.UNREADABLE && !(GRPC && GrpcFailures.isUnreadable(thrown));
    }

    /** What an exception of this library says itself. */
    private static @Nullable Failure said(String source, Throwable one, Throwable outermost) {
        if (one instanceof CallFailedException failed) {
            return new Failure(source, failed.kind(), failed.getMessage(), outermost, failed.retryAfter());
        }
        return one instanceof SourceUnavailableException page
                ? new Failure(source, page.kind(), page.getMessage(), outermost, page.retryAfter())
                : null;
    }

    private static @Nullable Duration retryAfter(Throwable one) {
        Duration said = WEB ? HttpFailures.retryAfter(one) : null;
        return said == null && WEBFLUX ? ReactiveFailures.retryAfter(one) : said;
    }

    /** Whether it says that there is no such thing, as HTTP's 404 does. */
    static boolean isNotFound(Throwable thrown) {
        Throwable failed = unwrapped(thrown);
        return WEB && HttpFailures.isNotFound(failed)
                || WEBFLUX && ReactiveFailures.isNotFound(failed)
                || GRPC && GrpcFailures.isNotFound(failed);
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable one = thrown;
        for (int depth = 0; isWrapper(one) && one.getCause() != null && depth < DEEPEST; depth++) {
            one = one.getCause();
        }
        return one;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException || thrown instanceof ExecutionException;
    }

    private static @Nullable Cause known(Throwable thrown) {
        if (thrown instanceof TimeoutException
                || thrown instanceof InterruptedIOException // also a socket's timeout
                || thrown instanceof HttpTimeoutException
                || thrown.getClass().getName().startsWith("io.netty.handler.timeout.")) {
            return Cause.TIMEOUT;
        }
        if (thrown instanceof CancellationException || thrown instanceof InterruptedException) {
            return Cause.CANCELLED;
        }
        if (thrown instanceof RejectedExecutionException) {
            return Cause.REJECTED;
        }
        if (thrown instanceof IOException) {
            return isOfContent(thrown) ? Cause.UNREADABLE : Cause.CONNECTION;
        }
        Cause known = SQL ? SqlFailures.known(thrown) : null;
        known = known == null && WEB ? HttpFailures.known(thrown) : known;
        known = known == null && WEBFLUX ? ReactiveFailures.known(thrown) : known;
        return known == null && GRPC ? GrpcFailures.known(thrown) : known;
    }

    /** Whether what came was wrong, not how it came. */
    private static boolean isOfContent(Throwable thrown) {
        return thrown instanceof CharacterCodingException
                || thrown instanceof ZipException
                || thrown.getClass().getName().startsWith("com.fasterxml.jackson.");
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, Failures.class.getClassLoader());
    }
}
