package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Cause;
import dev.freehold.composition.SourceUnavailableException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A page that lacks what it requires is answered with 503, or 504 after a timeout, and says which source it was. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class CompositionExceptionAdvice {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(SourceUnavailableException unavailable) {
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
