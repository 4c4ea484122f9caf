package dev.freehold.composition;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ReflectionUtils;

/** Calls a method of a bean, and takes what it returns out of futures, publishers, optionals, streams and arrays. */
final class BeanMethod implements Callee {

    private final Object bean;
    private final Method declared;
    private final Method method;
    private final @Nullable ReactiveAnswer reactive;

    BeanMethod(Object bean, Method method) {
        this.bean = bean;
        this.declared = method;
        this.method = AopUtils.selectInvocableMethod(method, bean.getClass());
        this.reactive = ReactiveAnswer.of(returned());
        ReflectionUtils.makeAccessible(this.method);
    }

    /** As in {@code CustomerApi.byIds}. */
    static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    @Override
    public List<Parameter> parameters() {
        return IntStream.range(0, declared.getParameterCount())
                .mapToObj(this::parameter)
                .toList();
    }

    private Parameter parameter(int index) {
        java.lang.reflect.Parameter parameter = declared.getParameters()[index];
        return new Parameter(
                ResolvableType.forMethodParameter(declared, index, bean.getClass()),
                parameter.getName(),
                MergedAnnotations.from(parameter));
    }

    @Override
    public ResolvableType answer(Class<?>... wrappers) {
        ResolvableType returned = returned();
        return unwrapped(reactive == null ? returned : reactive.content(returned), wrappers);
    }

    private ResolvableType returned() {
        return ResolvableType.forMethodReturnType(declared, bean.getClass());
    }

    private static ResolvableType unwrapped(ResolvableType type, Class<?>... wrappers) {
        for (Class<?> wrapper : wrappers) {
            if (wrapper.isAssignableFrom(PropertyPath.raw(type))) {
                return unwrapped(type.as(wrapper).getGeneric(0), wrappers);
            }
        }
        return type;
    }

    @Override
    public @Nullable Object call(@Nullable Object[] arguments, Budget budget, int maxValues) throws Exception {
        Object returned = invoke(arguments);
        return reactive == null || returned == null
                ? unwrapped(returned, budget, maxValues)
                : unwrapped(reactive.subscribe(returned, maxValues), budget, maxValues);
    }

    private @Nullable Object invoke(@Nullable Object[] arguments) throws Exception {
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }

    private static @Nullable Object unwrapped(@Nullable Object returned, Budget budget, int maxValues)
            throws Exception {
        if (returned instanceof CompletionStage<?> stage) {
            return unwrapped(awaited(stage.toCompletableFuture(), budget), budget, maxValues);
        }
        if (returned instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        if (returned instanceof Stream<?> stream) {
            try (BaseStream<?, ?> closed = stream) {
                return stream.limit(maxValues).toList();
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
            return withinBudget(future, budget);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception exception ? exception : failed;
        } finally {
            future.cancel(true); // nothing if it is done; else nobody wants it any more
        }
    }

    private static @Nullable Object withinBudget(CompletableFuture<?> future, Budget budget)
            throws ExecutionException, InterruptedException, TimeoutException {
        while (true) {
            try {
                return future.get(budget.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (budget.isOver()) { // or else another page waits for longer
                    budget.stop(); // the call ends by itself now, before anybody gives it up
                    throw late;
                }
            }
        }
    }
}
