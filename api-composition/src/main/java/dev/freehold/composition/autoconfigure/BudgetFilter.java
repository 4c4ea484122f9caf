package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Budget;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/** Pages that a request asks for take no longer than its sender waits. */
@Order(BudgetFilter.BEFORE_OTHERS)
final class BudgetFilter extends OncePerRequestFilter {

    /** Behind those who turn requests away; before those that do as they please, or wait, as the outbox's does. */
    static final int BEFORE_OTHERS = Ordered.LOWEST_PRECEDENCE - 100;

    private static final long LONGEST = Duration.ofMinutes(10).toMillis();

    private final String header;

    BudgetFilter(String header) {
        this.header = header;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Long millis = millis(header.isEmpty() ? null : request.getHeader(header));
        if (millis == null) {
            chain.doFilter(request, response);
            return;
        }
        Budget budget = Budget.of(Duration.ofMillis(Math.min(Math.max(1, millis), LONGEST)));
        try (Budget.Scope scope = budget.open()) {
            chain.doFilter(request, response);
        }
    }

    /** Null if there is none; what cannot be read is none, too: it is a hint. */
    private static @Nullable Long millis(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text.trim());
        } catch (NumberFormatException unreadable) {
            return null;
        }
    }
}
