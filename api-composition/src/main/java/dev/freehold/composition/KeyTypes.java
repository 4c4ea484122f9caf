package dev.freehold.composition;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Which types can be keys: what has one form for one value, and an equals that knows it. */
final class KeyTypes {

    private KeyTypes() {}

    /** The class of keys of a type, primitive or not. */
    static Class<?> boxed(ResolvableType type) {
        return ClassUtils.resolvePrimitiveIfNecessary(PropertyPath.raw(type));
    }

    /** Why it cannot be a key; null if it can. */
    static @Nullable String refusal(ResolvableType declared) {
        Class<?> type = boxed(declared);
        if (type == Object.class || declared.hasUnresolvableGenerics()) {
            return "The type of its keys is not known";
        }
        if (type.isArray()) {
            return "Its keys are arrays, which are equal only if they are the same array";
        }
        if (type == BigDecimal.class) {
            return "Its keys are BigDecimal, whose 1.0 and 1.00 are different keys";
        }
        if (type == Double.class || type == Float.class) {
            return "Its keys are floating-point numbers, which are equal by chance";
        }
        if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
            return "Its keys are collections, which can change while they are keys";
        }
        return hasEquals(type)
                ? null
                : "Its keys are of %s, which has no equals of its own".formatted(type.getSimpleName());
    }

    private static boolean hasEquals(Class<?> type) {
        if (type.isInterface() || type.isEnum() || type.isRecord()) {
            return true;
        }
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
