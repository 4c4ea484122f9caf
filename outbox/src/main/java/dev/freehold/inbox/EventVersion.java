package dev.freehold.inbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.StringUtils;

/** The number in an event that tells which of two states of a key is the newer one. */
record EventVersion(Method accessor) {

    private static final Set<Class<?>> NUMBERS =
            Set.of(long.class, int.class, short.class, Long.class, Integer.class, Short.class);

    /** The property of that name, by its accessor or getter; empty if there is none with a whole number. */
    static Optional<EventVersion> of(Class<?> eventClass, String property) {
        String getter = "get" + StringUtils.capitalize(property);
        return Arrays.stream(eventClass.getMethods())
                .filter(method -> method.getParameterCount() == 0 && NUMBERS.contains(method.getReturnType()))
                .filter(method ->
                        method.getName().equals(property) || method.getName().equals(getter))
                .findFirst()
                .map(EventVersion::accessible);
    }

    private static EventVersion accessible(Method accessor) {
        accessor.trySetAccessible();
        return new EventVersion(accessor);
    }

    long in(Object event) {
        try {
            Object version = accessor.invoke(event);
            if (version == null) {
                throw new ListenerMethod.Unreadable("the event's %s is null".formatted(accessor.getName()), null);
            }
            return ((Number) version).longValue();
        } catch (InvocationTargetException e) {
            throw new ListenerMethod.Unreadable(
                    "the event's %s cannot be read: %s".formatted(accessor.getName(), e.getCause()), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // made accessible when the listener was checked
        }
    }
}
