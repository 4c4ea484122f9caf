package dev.freehold.composition;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** What kind of failure an exception of a source is. */
final class Failures {

    private static final boolean WEB = ClassUtils.isPresent(
            "org.springframework.web.client.RestClientResponseException", Failures.class.getClassLoader());

    private Failures() {}

    /** Goes from the exception to its causes until one is known. */
    static Failure of(String source, Throwable thrown) {
        Throwable outermost = unwrapped(thrown);
        for (Throwable one = outermost; one != null; one = one.getCause()) {
            if (one instanceof CallFailedException failed) {
                return new Failure(source, failed.kind(), failed.getMessage(), outermost, failed.retryAfter());
            }
            Cause known = known(one);
            if (known != null) {
                return new Failure(source, known, one.toString(), outermost, WEB ? HttpFailures.retryAfter(one) : null);
            }
        }
        return new Failure(source, Cause.ERROR, outermost.toString(), outermost, null);
    }

    /** Whether it says that there is no such thing, as HTTP's 404 does. */
    static boolean isNotFound(Throwable thrown) {
        return WEB && HttpFailures.isNotFound(unwrapped(thrown));
    }

    private static Throwable unwrapped(Throwable thrown) {
        boolean wraps = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wraps && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
    }

    private static @Nullable Cause known(Throwable thrown) {
        if (thrown instanceof TimeoutException
                || thrown instanceof InterruptedIOException // also a socket's timeout
                || thrown instanceof HttpTimeoutException) {
            return Cause.TIMEOUT;
        }
        if (thrown instanceof CancellationException || thrown instanceof InterruptedException) {
            return Cause.CANCELLED;
        }
        if (thrown instanceof RejectedExecutionException) {
            return Cause.REJECTED;
        }
        if (isOfConnection(thrown)) {
            return Cause.CONNECTION;
        }
        return WEB ? HttpFailures.known(thrown) : null;
    }

    private static boolean isOfConnection(Throwable thrown) {
        return thrown instanceof ConnectException
                || thrown instanceof UnknownHostException
                || thrown instanceof SocketException
                || thrown instanceof ClosedChannelException
                || thrown.getClass() == IOException.class;
    }
}
