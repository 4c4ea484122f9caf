package dev.freehold.composition;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.UnknownContentTypeException;

/** What kind of failure an exception of Spring's HTTP clients is. Loaded only where spring-web is. */
final class HttpFailures {

    /** Other services' clocks are compared with. */
    private static final Clock CLOCK = Clock.systemUTC();

    private HttpFailures() {}

    static @Nullable Cause known(Throwable thrown) {
        if (thrown instanceof HttpMessageConversionException
                || thrown instanceof UnknownContentTypeException
                || thrown instanceof DecodingException) {
            return Cause.UNREADABLE;
        }
        if (thrown instanceof RestClientResponseException answered) {
            return of(answered.getStatusCode());
        }
        return null;
    }

    static Cause of(HttpStatusCode status) {
        return status.is5xxServerError() ? Cause.SERVER_ERROR : Cause.CLIENT_ERROR;
    }

    static boolean isNotFound(Throwable thrown) {
        return thrown instanceof RestClientResponseException answered
                && answered.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND);
    }

    /** What the header of that name says, in seconds or as a date; null if it says nothing. */
    static @Nullable Duration retryAfter(Throwable thrown) {
        return thrown instanceof RestClientResponseException answered
                ? retryAfter(answered.getResponseHeaders())
                : null;
    }

    /** The same of any answer's headers. */
    static @Nullable Duration retryAfter(@Nullable HttpHeaders headers) {
        String text = headers == null ? null : headers.getFirst(HttpHeaders.RETRY_AFTER);
        if (text == null) {
            return null;
        }
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : positive(Duration.between(
                            CLOCK.instant(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException | NumberFormatException unreadable) {
            return null;
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
