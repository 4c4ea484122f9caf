package dev.freehold.composition.http;

import dev.freehold.composition.Consistency;
import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Tells the service that a source asks what it should have seen, and hears from its answer whether it has not. Requests without a
 * token, outside of sources, and of sources that do not heed tokens are left alone.
 */
public final class ConsistencyHeader implements ClientHttpRequestInterceptor {

    /** The name of the header with the token unless told otherwise. */
    public static final String DEFAULT_NAME = "X-Consistency-Token";

    /** In an answer, {@code true}: it may lack what the request's token stands for. */
    public static final String STALE = "X-Consistency-Stale";

    private final String name;

    /** Sends a header of this name. */
    public ConsistencyHeader(String name) {
        this.name = name;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        Consistency wanted = Consistency.current();
        if (!wanted.isOfCall() || wanted.token().isEmpty()) {
            return execution.execute(request, body);
        }
        request.getHeaders().set(name, wanted.token().get());
        ClientHttpResponse response = execution.execute(request, body);
        if (Boolean.parseBoolean(response.getHeaders().getFirst(STALE))) {
            wanted.missed();
        }
        return response;
    }
}
