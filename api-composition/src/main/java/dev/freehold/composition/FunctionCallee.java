package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;

/**
 * A function: what a lambda takes and returns cannot be seen, so it is told.
 *
 * @param parameters what it takes
 * @param returned what it returns
 * @param body itself
 */
record FunctionCallee(List<Parameter> parameters, ResolvableType returned, Body body) implements Callee {

    /** A function of any number of arguments. */
    interface Body {

        @Nullable
        Object call(@Nullable Object[] arguments) throws Exception;
    }

    static Parameter parameter(ResolvableType type) {
        return new Parameter(type, "", MergedAnnotations.of(List.of()));
    }

    static Parameter parameter(Class<?> type) {
        return parameter(ResolvableType.forClass(type));
    }

    /** Of a value that is an object, whatever the class that was given. */
    static Parameter boxed(Class<?> type) {
        return parameter(ClassUtils.resolvePrimitiveIfNecessary(type));
    }

    /** {@code Set<K>} and the like; also of {@code long.class}, which is the class of the rows' property then. */
    static ResolvableType generic(Class<?> type, Class<?> of) {
        return ResolvableType.forClassWithGenerics(type, ClassUtils.resolvePrimitiveIfNecessary(of));
    }

    /** The same with a name of its first parameter. */
    FunctionCallee named(String first) {
        List<Parameter> named = new ArrayList<>(parameters);
        Parameter unnamed = named.get(0);
        named.set(0, new Parameter(unnamed.type(), first, unnamed.annotations()));
        return new FunctionCallee(List.copyOf(named), returned, body);
    }

    @Override
    public ResolvableType answer(Class<?>... wrappers) {
        return returned;
    }

    @Override
    public @Nullable Object call(@Nullable Object[] arguments, Budget budget, int maxValues) throws Exception {
        return body.call(arguments);
    }
}
