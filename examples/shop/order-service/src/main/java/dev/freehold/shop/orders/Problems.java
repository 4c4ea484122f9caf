package dev.freehold.shop.orders;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Errors as {@code application/problem+json}; a refused request is told which fields are wrong. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException refused, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> wrong = new TreeMap<>();
        for (FieldError error : refused.getFieldErrors()) {
            wrong.put(error.getField(), Objects.requireNonNullElse(error.getDefaultMessage(), "is wrong"));
        }
        refused.getBody().setProperty("errors", wrong);
        return handleExceptionInternal(refused, refused.getBody(), headers, status, request);
    }
}
