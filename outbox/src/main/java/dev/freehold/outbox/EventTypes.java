package dev.freehold.outbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The event classes seen so far; a logical type and version belongs to one class. */
final class EventTypes {

    private final Map<Class<?>, EventType> byClass = new ConcurrentHashMap<>();
    private final Map<String, Class<?>> byName = new ConcurrentHashMap<>();

    EventType of(Class<?> javaType) {
        EventType known = byClass.get(javaType);
        return known != null ? known : add(javaType);
    }

    private EventType add(Class<?> javaType) {
        return add(EventType.of(javaType));
    }

    /** Adds a type, unless another class has its name. */
    EventType add(EventType type) {
        Class<?> javaType = type.javaType();
        Class<?> other = byName.putIfAbsent(type.type() + " version " + type.version(), javaType);
        if (other != null && other != javaType) {
            throw EventType.wrong(
                    javaType,
                    "has the type '%s' version %d of %s".formatted(type.type(), type.version(), other.getName()),
                    "Give one of them another type, or the newer one the next version.");
        }
        byClass.put(javaType, type);
        return type;
    }
}
