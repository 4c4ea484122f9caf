package dev.freehold.composition.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a JSON value can be. */
enum Kind {
    OBJECT("an object"),
    ARRAY("an array"),
    STRING("text"),
    INTEGER("an integer"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    NULL("null"),
    /** Nothing is said about it. */
    ANY("anything");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** What it is both of; null if nothing can be both. */
    @Nullable
    Kind and(Kind other) {
        if (this == other || other == ANY) {
            return this;
        }
        if (this == ANY) {
            return other;
        }
        return isNumeric() && other.isNumeric() ? INTEGER : null;
    }

    boolean isNumeric() {
        return this == INTEGER || this == NUMBER;
    }

    boolean has(JsonNode value) {
        return this == ANY || and(of(value)) != null;
    }

    static Kind of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> OBJECT;
            case ARRAY -> ARRAY;
            case NUMBER -> value.isIntegralNumber() ? INTEGER : NUMBER;
            case BOOLEAN -> BOOLEAN;
            case NULL -> NULL;
            default -> STRING;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
