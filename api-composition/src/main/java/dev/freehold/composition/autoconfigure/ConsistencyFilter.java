package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Consistency;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the sources of pages know what the request's sender wants to see; what it has of tokens goes on as it is. */
final class ConsistencyFilter extends OncePerRequestFilter {

    private final String header;

    ConsistencyFilter(String header) {
        this.header = header;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<String> tokens = header.isEmpty() ? List.of() : Collections.list(request.getHeaders(header));
        String token = String.join(",", tokens);
        if (token.isBlank()) {
            chain.doFilter(request, response);
            return;
        }
        Consistency wanted;
        try {
            wanted = Consistency.of(token);
        } catch (IllegalArgumentException tooLong) {
            response.sendError(HttpStatus.BAD_REQUEST.value(), "%s: %s".formatted(header, tooLong.getMessage()));
            return;
        }
        try (Consistency.Scope scope = wanted.open()) {
            chain.doFilter(request, response);
        }
    }
}
