package dev.freehold.composition.http;

import dev.freehold.composition.Budget;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Lets Apache's client stop: its blocking sockets do not hear of an interrupt on a platform thread, so the connection is closed when
 * nobody waits for the answer any more.
 */
public final class ApacheRequests {

    private static final String NAME = "freehold-composition";

    private ApacheRequests() {}

    /** To be called once for a client, while it is built. */
    public static void customize(HttpClientBuilder client) {
        ExecChainHandler closing = (request, scope, chain) -> {
            Budget.current().ifPresent(budget -> budget.onStop(() -> close(scope)));
            return chain.proceed(request, scope);
        };
        client.addExecInterceptorLast(NAME, closing);
    }

    /** Nothing if the request has ended: then the connection is not its own any more. */
    private static void close(ExecChain.Scope scope) {
        scope.execRuntime.discardEndpoint();
    }
}
