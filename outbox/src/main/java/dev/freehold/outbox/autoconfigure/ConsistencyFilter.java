package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets clients read what they wrote.
 *
 * <ol>
 *   <li>A token that comes with a request is awaited before the handler runs; if its events are not handled in time, the response
 *       says that it may be stale.
 *   <li>Whenever a transaction with events commits on the request's thread, the response gets the token of all events of this
 *       request so far: at once, since nobody can tell when the response's headers will have left.
 * </ol>
 */
final class ConsistencyFilter extends OncePerRequestFilter {

    static final String STALE = "X-Consistency-Stale";

    /** What services with the composition module send: how long the sender will wait for the answer. */
    private static final String BUDGET = "X-Budget-Millis";

    private final String header;
    private final Duration longestWait;
    private final ObjectProvider<Inbox> inbox;
    private final ConsistencyCounters counters;

    ConsistencyFilter(String header, Duration longestWait, ObjectProvider<Inbox> inbox, ConsistencyCounters counters) {
        this.header = header;
        this.longestWait = longestWait;
        this.inbox = inbox;
        this.counters = counters;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ConsistencyToken token;
        try {
            token = ConsistencyToken.parse(String.join(",", Collections.list(request.getHeaders(header))));
        } catch (IllegalArgumentException e) {
            refuse(response, e);
            return;
        }
        if (!token.isEmpty()) {
            await(token, request, response);
        }
        try (CommittedEvents events = CommittedEvents.record(written -> show(written, response))) {
            chain.doFilter(request, response);
        }
    }

    private void refuse(HttpServletResponse response, IllegalArgumentException mistake) throws IOException {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        response.setContentType("text/plain");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter()
                .println("The request's header %s is wrong: %s. Send what a response had in it, or leave it out."
                        .formatted(header, mistake.getMessage()));
    }

    private void await(ConsistencyToken token, HttpServletRequest request, HttpServletResponse response) {
        boolean reached = inbox.getObject().await(token, wait(request.getHeader(BUDGET)));
        counters.count(reached);
        if (!reached) {
            response.setHeader(STALE, "true");
        }
    }

    /** Half of the sender's time at most: the rest is the handler's. What cannot be read is none: it is a hint. */
    private Duration wait(@Nullable String budget) {
        try {
            Duration half =
                    budget == null ? longestWait : Duration.ofMillis(Math.max(0, Long.parseLong(budget.strip()) / 2));
            return half.compareTo(longestWait) < 0 ? half : longestWait;
        } catch (NumberFormatException e) {
            return longestWait;
        }
    }

    /** Tokens of other kinds, which others have put there, stay. */
    private void show(ConsistencyToken written, HttpServletResponse response) {
        if (response.isCommitted()) {
            return;
        }
        Stream<String> others = response.getHeaders(header).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.startsWith(ConsistencyToken.KIND));
        response.setHeader(
                header, Stream.concat(others, Stream.of(written.toString())).collect(Collectors.joining(", ")));
    }
}
