package dev.freehold.composition;

import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NativeDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Properties of rows: components of records, and what has a getter. A reader is a lambda around the method, made once, so that
 * nothing is looked up for a row; where that is not possible (in a native image, or for a class of a module that is not open)
 * it calls the method by reflection.
 */
final class Properties {

    /**
     * A property.
     *
     * @param name its name
     * @param type of its values
     * @param reader reads it out of an object that is not null
     */
    record Property(String name, ResolvableType type, Function<Object, @Nullable Object> reader) {}

    private Properties() {}

    static @Nullable Property find(ResolvableType owner, String name) {
        Class<?> type = PropertyPath.raw(owner);
        Method method = method(type, name);
        return method == null ? null : new Property(name, typeOf(owner, method), reader(method));
    }

    /** The names of all properties, for messages. */
    static Set<String> names(Class<?> type) {
        Set<String> names = new TreeSet<>();
        if (type.isRecord()) {
            Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .forEach(names::add);
        }
        for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
            String name = method.getName();
            if (isGetter(method) && isNamed(name, "get") && !name.equals("getClass")) {
                names.add(StringUtils.uncapitalizeAsProperty(name.substring(3)));
            } else if (isQuestion(method)) {
                names.add(StringUtils.uncapitalizeAsProperty(name.substring(2)));
            }
        }
        return names;
    }

    /** The same with their types. */
    static String described(ResolvableType owner) {
        return names(PropertyPath.raw(owner)).stream()
                .flatMap(name -> Stream.ofNullable(find(owner, name)))
                .map(property -> property.name() + ": " + PropertyPath.name(property.type()))
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Method method(Class<?> type, String name) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return component.getAccessor();
                }
            }
        }
        String capitalized = StringUtils.capitalize(name);
        Method getter = ReflectionUtils.findMethod(type, "get" + capitalized);
        if (getter == null) {
            Method question = ReflectionUtils.findMethod(type, "is" + capitalized);
            getter = question != null && isQuestion(question) ? question : null;
        }
        return getter != null && isGetter(getter) ? getter : null;
    }

    /** As {@code isPaid}, not as {@code issuer}. */
    private static boolean isQuestion(Method method) {
        Class<?> type = method.getReturnType();
        return isGetter(method) && isNamed(method.getName(), "is") && (type == boolean.class || type == Boolean.class);
    }

    private static boolean isNamed(String method, String prefix) {
        return method.startsWith(prefix)
                && method.length() > prefix.length()
                && !Character.isLowerCase(method.charAt(prefix.length()));
    }

    private static boolean isGetter(Method method) {
        return method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers());
    }

    private static ResolvableType typeOf(ResolvableType owner, Method method) {
        ResolvableType declared = owner.as(method.getDeclaringClass());
        return ResolvableType.forType(method.getGenericReturnType(), declared);
    }

    private static Function<Object, @Nullable Object> reader(Method method) {
        if (!NativeDetector.inNativeImage()) {
            try {
                return lambda(method);
            } catch (IllegalAccessException | LambdaConversionException outOfReach) {
                // its module is not open to us: reflection may still call what is public
            }
        }
        ReflectionUtils.makeAccessible(method);
        return target -> invoke(method, target);
    }

    @SuppressWarnings("unchecked")
    private static Function<Object, @Nullable Object> lambda(Method method)
            throws IllegalAccessException, LambdaConversionException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup());
        MethodHandle getter = lookup.unreflect(method);
        MethodType erased = MethodType.methodType(Object.class, Object.class);
        MethodType exact = getter.type().wrap();
        try {
            return (Function<Object, @Nullable Object>) LambdaMetafactory.metafactory(
                            lookup, "apply", MethodType.methodType(Function.class), erased, getter, exact)
                    .getTarget()
                    .invokeExact();
        } catch (LambdaConversionException | RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable unexpected) {
            throw new IllegalStateException("cannot make a reader of " + method, unexpected);
        }
    }

    private static @Nullable Object invoke(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (IllegalAccessException outOfReach) {
            throw new IllegalStateException(method + " cannot be called", outOfReach);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(method + " failed", failed.getCause());
        }
    }
}
