package dev.freehold.inbox;

import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the payload of an old schema version into that of the next one, before a listener reads it. With Spring Boot, every
 * bean of this type is used. Steps follow each other: from version 1 to 2, and from there to 3.
 */
public interface Upcaster {

    /** Logical type of the events. */
    String type();

    /** The version that it takes; what it makes is of the next one. */
    int from();

    /**
     * Makes the next version of a payload.
     *
     * @param payload may be changed and returned
     * @throws RuntimeException if it cannot; the message is treated as if its listener had failed
     */
    ObjectNode upcast(ObjectNode payload);

    /** An upcaster made of a function. */
    static Upcaster of(String type, int from, UnaryOperator<ObjectNode> step) {
        return new Upcaster() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public int from() {
                return from;
            }

            @Override
            public ObjectNode upcast(ObjectNode payload) {
                return step.apply(payload);
            }
        };
    }
}
