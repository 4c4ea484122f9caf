package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.MalformedInputException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.mock.http.MockHttpInputMessage;
import org.springframework.web.client.RestClientException;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** What kind of failure an exception is. */
class CauseTests {

    static Arguments[] exceptions() {
        return new Arguments[] {
            arguments(new SSLHandshakeException("no trust"), Cause.CONNECTION),
            arguments(new EOFException("closed"), Cause.CONNECTION),
            arguments(new UncheckedIOException(new IOException("reset")), Cause.CONNECTION),
            arguments(new MalformedInputException(1), Cause.UNREADABLE),
            arguments(new ZipException("not gzip"), Cause.UNREADABLE),
            arguments(unreadable(null), Cause.UNREADABLE),
            arguments(unreadable(new IOException("reset while it was read")), Cause.CONNECTION),
            arguments(
                    new RestClientException("failed", unreadable(new SocketTimeoutException("too slow"))),
                    Cause.TIMEOUT),
            arguments(answered(503), Cause.SERVER_ERROR),
            arguments(answered(429), Cause.CLIENT_ERROR),
            arguments(
                    new WebClientRequestException(
                            new ConnectException("refused"), HttpMethod.GET, URI.create("/"), HttpHeaders.EMPTY),
                    Cause.CONNECTION),
            arguments(Status.DEADLINE_EXCEEDED.asRuntimeException(), Cause.TIMEOUT),
            arguments(Status.UNAVAILABLE.asRuntimeException(), Cause.CONNECTION),
            arguments(Status.CANCELLED.asRuntimeException(), Cause.CANCELLED),
            arguments(Status.PERMISSION_DENIED.asException(), Cause.CLIENT_ERROR),
            arguments(Status.INTERNAL.asRuntimeException(), Cause.SERVER_ERROR),
            arguments(new CompletionException(Status.UNKNOWN.asRuntimeException()), Cause.SERVER_ERROR),
            arguments(new SQLTimeoutException("query"), Cause.TIMEOUT),
            arguments(new SQLException("I/O error", "08006"), Cause.CONNECTION),
            arguments(new SQLException("I/O error", "08006", new SocketTimeoutException("too slow")), Cause.TIMEOUT),
            arguments(new SQLTransientConnectionException("no connection in the pool"), Cause.CONNECTION),
            arguments(new SQLException("no such table", "42P01"), Cause.ERROR),
            arguments(nested(), Cause.BREAKER_OPEN),
            arguments(new InterruptedException("stopped"), Cause.CANCELLED),
            arguments(new IllegalStateException("in a source", new InterruptedException()), Cause.CANCELLED),
            arguments(
                    new CallFailedException(Cause.UNREADABLE, "said so", null, new IOException("whatever")),
                    Cause.UNREADABLE),
            arguments(new IllegalStateException("a mistake"), Cause.ERROR)
        };
    }

    private static HttpMessageNotReadableException unreadable(@Nullable Throwable cause) {
        return new HttpMessageNotReadableException("not read", cause, new MockHttpInputMessage(new byte[0]));
    }

    private static WebClientResponseException answered(int status) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "7");
        return WebClientResponseException.create(status, "answer", headers, new byte[0], null);
    }

    /** The failure of a page that a source has asked for. */
    private static Exception nested() {
        Failure failure = new Failure("products", Cause.BREAKER_OPEN, "open", null, Duration.ofSeconds(3));
        return new IllegalStateException("in a source", new SourceUnavailableException("Row", "product", failure));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void isKnownByWhatItIsOrComesFrom(Exception exception, Cause expected) {
        assertThat(Cause.of(exception)).isEqualTo(expected);
    }

    private static Exception inACircle() {
        IllegalStateException inner = new IllegalStateException("inner");
        IllegalStateException outer = new IllegalStateException("outer", inner);
        inner.initCause(outer);
        return outer;
    }

    /** Is unwrapped until something else is found. */
    private static final class Wrapper extends CompletionException {

        private static final long serialVersionUID = 1;

        private Wrapper() {
            super("wrapper");
        }

        private static Exception inACircle() {
            Wrapper inner = new Wrapper();
            Wrapper outer = new Wrapper();
            inner.initCause(outer);
            outer.initCause(inner);
            return outer;
        }
    }

    @Test
    void isAnErrorIfItsCausesGoRoundInACircle() {
        Duration endlessly = Duration.ofSeconds(30);

        assertThat(assertTimeoutPreemptively(endlessly, () -> Cause.of(inACircle())))
                .isEqualTo(Cause.ERROR);
        assertThat(assertTimeoutPreemptively(endlessly, () -> Cause.of(Wrapper.inACircle())))
                .isEqualTo(Cause.ERROR);
        assertThat(assertTimeoutPreemptively(endlessly, () -> Failures.isNotFound(Wrapper.inACircle())))
                .isFalse();
    }

    @Test
    void comesWithTheTimeToWait() {
        assertThat(Failures.of("customers", answered(503)).retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(Failures.of("customers", nested()).retryAfter()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void isNoneIfThereIsNoSuchThing() {
        assertThat(Failures.isNotFound(answered(404))).isTrue();
        assertThat(Failures.isNotFound(Status.NOT_FOUND.asRuntimeException())).isTrue();
        assertThat(Failures.isNotFound(answered(410))).isFalse();
    }
}
