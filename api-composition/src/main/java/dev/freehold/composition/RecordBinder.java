package dev.freehold.composition;

import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NativeDetector;

/** Makes records by their canonical constructor: with as many components as most have by a lambda, which costs what {@code new} does. */
final class RecordBinder implements RowBinder {

    private final Class<?> type;
    private final RowBinder constructor;

    private RecordBinder(Class<?> type, RowBinder constructor) {
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
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, parameters));
            return new RecordBinder(type, binder(lookup, constructor));
        } catch (NoSuchMethodException | IllegalAccessException unreachable) {
            throw new IllegalArgumentException(
                    "the constructor of " + type.getName() + " cannot be reached", unreachable);
        }
    }

    @Override
    public Object bind(@Nullable Object[] components) {
        try {
            return constructor.bind(components);
        } catch (Throwable refused) { // whatever a compact constructor throws
            throw new CompositionException("the constructor of " + type.getName() + " refused a row", refused);
        }
    }

    private static RowBinder binder(MethodHandles.Lookup lookup, MethodHandle constructor) {
        if (!NativeDetector.inNativeImage()) {
            try {
                RowBinder lambda = lambda(lookup, constructor);
                if (lambda != null) {
                    return lambda;
                }
            } catch (LambdaConversionException | LinkageError unseen) {
                // where the record is, nobody knows of this class: its handle will do
            }
        }
        MethodHandle spread = constructor
                .asSpreader(Object[].class, constructor.type().parameterCount())
                .asType(MethodType.methodType(Object.class, Object[].class));
        return components -> handled(spread, components);
    }

    /** Null if there are more components than these have. */
    private static @Nullable RowBinder lambda(MethodHandles.Lookup lookup, MethodHandle constructor)
            throws LambdaConversionException {
        return switch (constructor.type().parameterCount()) {
            case 1 -> {
                Of1 made = lambda(lookup, constructor, Of1.class);
                yield row -> made.row(row[0]);
            }
            case 2 -> {
                Of2 made = lambda(lookup, constructor, Of2.class);
                yield row -> made.row(row[0], row[1]);
            }
            case 3 -> {
                Of3 made = lambda(lookup, constructor, Of3.class);
                yield row -> made.row(row[0], row[1], row[2]);
            }
            case 4 -> {
                Of4 made = lambda(lookup, constructor, Of4.class);
                yield row -> made.row(row[0], row[1], row[2], row[3]);
            }
            case 5 -> {
                Of5 made = lambda(lookup, constructor, Of5.class);
                yield row -> made.row(row[0], row[1], row[2], row[3], row[4]);
            }
            case 6 -> {
                Of6 made = lambda(lookup, constructor, Of6.class);
                yield row -> made.row(row[0], row[1], row[2], row[3], row[4], row[5]);
            }
            default -> null;
        };
    }

    private static <T> T lambda(MethodHandles.Lookup lookup, MethodHandle constructor, Class<T> type)
            throws LambdaConversionException {
        MethodType erased = MethodType.genericMethodType(constructor.type().parameterCount());
        MethodType exact = constructor.type().wrap();
        try {
            return type.cast(LambdaMetafactory.metafactory(
                            lookup, "row", MethodType.methodType(type), erased, constructor, exact)
                    .getTarget()
                    .invoke());
        } catch (LambdaConversionException | RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable unexpected) {
            throw new IllegalStateException("cannot make a lambda of " + constructor, unexpected);
        }
    }

    private static Object handled(MethodHandle constructor, @Nullable Object[] components) {
        try {
            return constructor.invokeExact(components);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable checked) { // a canonical constructor cannot declare any
            throw new IllegalStateException(checked);
        }
    }

    // Public to be seen by lambdas, which are made where the record is; out of reach for source code.

    public interface Of1 {
        Object row(@Nullable Object a);
    }

    public interface Of2 {
        Object row(@Nullable Object a, @Nullable Object b);
    }

    public interface Of3 {
        Object row(@Nullable Object a, @Nullable Object b, @Nullable Object c);
    }

    public interface Of4 {
        Object row(@Nullable Object a, @Nullable Object b, @Nullable Object c, @Nullable Object d);
    }

    public interface Of5 {
        Object row(@Nullable Object a, @Nullable Object b, @Nullable Object c, @Nullable Object d, @Nullable Object e);
    }

    public interface Of6 {
        Object row(
                @Nullable Object a,
                @Nullable Object b,
                @Nullable Object c,
                @Nullable Object d,
                @Nullable Object e,
                @Nullable Object f);
    }
}
