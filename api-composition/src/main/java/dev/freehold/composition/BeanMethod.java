package dev.freehold.composition;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

/** Calls a method of a bean, and takes what it returns out of futures, optionals, streams and arrays. */
final class BeanMethod {

    private final Object bean;
    private final Method method;
    private final int maxRows;

    /**
     * Calls nothing yet.
     *
     * @param maxRows of a stream one more is taken, and the rest is left
     */
    BeanMethod(Object bean, Method method, int maxRows) {
        this.bean = bean;
        this.maxRows = maxRows;
        this.method = AopUtils.selectInvocableMethod(method, bean.getClass());
        ReflectionUtils.makeAccessible(this.method);
    }

    /** As in {@code CustomerApi.byIds}. */
    static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** What is in wrappers such as futures. */
    static ResolvableType unwrapped(ResolvableType type, Class<?>... wrappers) {
        for (Class<?> wrapper : wrappers) {
            if (wrapper.isAssignableFrom(PropertyPath.raw(type))) {
                return unwrapped(type.as(wrapper).getGeneric(0), wrappers);
            }
        }
        return type;
    }

    @Nullable
    Object call(@Nullable Object[] arguments, Budget budget) throws Exception {
        Object returned;
        try {
            returned = method.invoke(bean, arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
        return unwrapped(returned, budget);
    }

    private @Nullable Object unwrapped(@Nullable Object returned, Budget budget) throws Exception {
        if (returned instanceof CompletionStage<?> stage) {
            return unwrapped(awaited(stage.toCompletableFuture(), budget), budget);
        }
        if (returned instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        if (returned instanceof Stream<?> stream) {
            try (BaseStream<?, ?> closed = stream) {
                return stream.limit(maxRows + 1L).toList();
            }
        }
        return returned instanceof Object[] array ? Arrays.asList(array) : returned;
    }

    /** A key's rows in a map, which may be an array. */
    static Collection<?> rows(Object rows) {
        return rows instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) rows;
    }

    private static @Nullable Object awaited(CompletableFuture<?> future, Budget budget) throws Exception {
        try {
            return future.get(budget.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception exception ? exception : failed;
        } finally {
            future.cancel(true); // nothing if it is done; else nobody wants it any more
        }
    }
}
