package dev.freehold.composition;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes records by their canonical constructor. */
final class RecordBinder implements RowBinder {

    private final Class<?> type;
    private final MethodHandle constructor;

    private RecordBinder(Class<?> type, MethodHandle constructor) {
        this.type = type;
        this.constructor = constructor;
    }

    /**
     * Finds the constructor.
     *
     * @throws IllegalArgumentException if it is out of reach
     */
    static RowBinder of(Class<?> type) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            MethodHandle constructor = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findConstructor(type, MethodType.methodType(void.class, parameters))
                    .asSpreader(Object[].class, parameters.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            return new RecordBinder(type, constructor);
        } catch (NoSuchMethodException | IllegalAccessException unreachable) {
            throw new IllegalArgumentException(
                    "the constructor of " + type.getName() + " cannot be reached", unreachable);
        }
    }

    @Override
    public Object bind(@Nullable Object[] components) {
        try {
            return constructor.invokeExact(components);
        } catch (Throwable refused) { // whatever a compact constructor throws
            throw new CompositionException("the constructor of " + type.getName() + " refused a row", refused);
        }
    }
}
