package dev.freehold.composition.http;

import dev.freehold.composition.Budget;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Tells the service that a source asks how much time is left, in milliseconds, so that it need not work for an answer that comes too
 * late. Requests outside a source are left alone.
 */
public final class BudgetHeader implements ClientHttpRequestInterceptor {

    /** The header's name unless told otherwise. */
    public static final String DEFAULT_NAME = "X-Budget-Millis";

    private final String name;

    /** Sends a header of this name. */
    public BudgetHeader(String name) {
        this.name = name;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        Budget.current()
                .map(Budget::remaining)
                .map(Duration::toMillis)
                .ifPresent(millis -> request.getHeaders().set(name, String.valueOf(Math.max(1, millis))));
        return execution.execute(request, body);
    }
}
