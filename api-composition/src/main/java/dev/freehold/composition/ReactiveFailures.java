package dev.freehold.composition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.UnsupportedMediaTypeException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** What kind of failure an exception of Spring's {@code WebClient} is. Loaded only where spring-webflux is. */
final class ReactiveFailures {

    private ReactiveFailures() {}

    static @Nullable Cause known(Throwable thrown) {
        if (thrown instanceof UnsupportedMediaTypeException) {
            return Cause.UNREADABLE;
        }
        if (!(thrown instanceof WebClientResponseException answered)) {
            return null;
        }
        return answered.getStatusCode().isError() ? HttpFailures.of(answered.getStatusCode()) : Cause.UNREADABLE;
    }

    static boolean isNotFound(Throwable thrown) {
        return thrown instanceof WebClientResponseException answered
                && answered.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND);
    }

    static @Nullable Duration retryAfter(Throwable thrown) {
        return thrown instanceof WebClientResponseException answered
                ? HttpFailures.retryAfter(answered.getHeaders())
                : null;
    }
}
