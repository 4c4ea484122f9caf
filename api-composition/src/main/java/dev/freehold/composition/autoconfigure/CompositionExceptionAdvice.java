package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Cause;
import dev.freehold.composition.InvalidKeysetException;
import dev.freehold.composition.SourceUnavailableException;
import dev.freehold.composition.View;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * A page that lacks what it requires is answered with 503, or 504 after a timeout, and says which source it was; a keyset that is none
 * with 400.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class CompositionExceptionAdvice {

    private static final Logger log = LoggerFactory.getLogger(View.class);

    @ExceptionHandler
    ProblemDetail invalid(InvalidKeysetException invalid) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(invalid.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(SourceUnavailableException unavailable) {
        log.warn("{}", unavailable.getMessage(), unavailable.getCause()); // nobody else will see it
        HttpStatus status =
                unavailable.kind() == Cause.TIMEOUT ? HttpStatus.GATEWAY_TIMEOUT : HttpStatus.SERVICE_UNAVAILABLE;
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                status, "Source '%s' is unavailable: %s".formatted(unavailable.source(), unavailable.kind()));
        problem.setProperty("source", unavailable.source());
        problem.setProperty("cause", unavailable.kind());
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status);
        Duration retryAfter = unavailable.retryAfter();
        if (retryAfter != null) {
            answer.header(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        return answer.body(problem);
    }
}
