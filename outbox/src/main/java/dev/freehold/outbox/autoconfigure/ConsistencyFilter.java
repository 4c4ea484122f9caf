package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger log = LoggerFactory.getLogger(ConsistencyFilter.class);

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
        String tokens = String.join(",", Collections.list(request.getHeaders(header)));
        if (!tokens.isBlank() && !isReached(tokens, request)) {
            response.setHeader(STALE, "true");
        }
        try (CommittedEvents events = CommittedEvents.record(written -> show(written, response))) {
            chain.doFilter(request, response);
        }
    }

    /** What cannot be read has not been reached. It is not refused: who passes it on for others would be taken for the one at fault. */
    private boolean isReached(String tokens, HttpServletRequest request) {
        boolean reached;
        try {
            ConsistencyToken token = ConsistencyToken.parse(tokens);
            if (token.isEmpty()) {
                return true;
            }
            reached = inbox.getObject().await(token, wait(request.getHeader(BUDGET)));
        } catch (IllegalArgumentException unreadable) {
            log.debug("The request's header {} is wrong: {}", header, unreadable.getMessage());
            reached = false;
        }
        counters.count(reached);
        return reached;
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
