package dev.freehold.outbox.autoconfigure;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Tells an operator what is wrong with a request and what to do. */
final class Refusals {

    private Refusals() {}

    /** The reason is what the client gets to see, so it has both. */
    static InvalidEndpointRequestException of(String what, String action) {
        return new InvalidEndpointRequestException(what, what + " " + action);
    }
}
