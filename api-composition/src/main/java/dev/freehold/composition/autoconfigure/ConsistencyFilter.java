package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Consistency;
import dev.freehold.composition.http.ConsistencyHeader;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the sources of pages know what the request's sender wants to see; what it has of tokens goes on as it is. */
@Order(BudgetFilter.BEFORE_OTHERS)
final class ConsistencyFilter extends OncePerRequestFilter {

    private static final String ATTRIBUTE = ConsistencyFilter.class.getName();

    private final String header;

    ConsistencyFilter(String header) {
        this.header = header;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Consistency wanted;
        try {
            wanted = wanted(request);
        } catch (IllegalArgumentException tooLong) {
            response.sendError(HttpStatus.BAD_REQUEST.value(), "%s: %s".formatted(header, tooLong.getMessage()));
            return;
        }
        if (wanted == null) {
            chain.doFilter(request, response);
            return;
        }
        try (Consistency.Scope scope = wanted.open()) {
            chain.doFilter(request, response);
        }
        if (wanted.isMissed() && !response.isCommitted()) { // a page in something else, which PageAdvice does not see
            response.setHeader(ConsistencyHeader.STALE, "true");
        }
    }

    /** The same for all dispatches of the request; null: none. */
    private @Nullable Consistency wanted(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Consistency known) {
            return known;
        }
        String token = header.isEmpty() ? "" : String.join(",", Collections.list(request.getHeaders(header)));
        if (token.isBlank()) {
            return null;
        }
        Consistency wanted = Consistency.of(token);
        request.setAttribute(ATTRIBUTE, wanted);
        return wanted;
    }

    /** The answer of a controller that answers later is written then. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }
}
