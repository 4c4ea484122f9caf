package dev.freehold.composition;

import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Which types can be keys: what has one form for one value, and an equals that knows it. */
final class KeyTypes {

    private static final Set<Class<?>> ANYTHING =
            Set.of(Serializable.class, Comparable.class, Number.class, CharSequence.class);

    private static final int DEEPEST = 20; // records within records, which may grow with each

    private KeyTypes() {}

    /** The class of keys of a type, primitive or not. */
    static Class<?> boxed(ResolvableType type) {
        return ClassUtils.resolvePrimitiveIfNecessary(PropertyPath.raw(type));
    }

    /** Why it cannot be a key; null if it can. */
    static @Nullable String refusal(ResolvableType declared) {
        return refusal(declared, Set.of());
    }

    private static @Nullable String refusal(ResolvableType declared, Set<String> within) {
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
        if (Date.class.isAssignableFrom(type)) {
            return "Its keys are of %s, whose subclasses for databases are equal one way only"
                    .formatted(type.getSimpleName());
        }
        if (ANYTHING.contains(type)) {
            return "Its keys are %s, which may be anything".formatted(type.getSimpleName());
        }
        if (type.isRecord()) {
            String known = declared.toString(); // with its arguments
            return within.contains(known) || within.size() == DEEPEST
                    ? null
                    : ofComponents(type, declared, with(within, known));
        }
        return hasEquals(type)
                ? null
                : "Its keys are of %s, which has no equals of its own".formatted(type.getSimpleName());
    }

    private static @Nullable String ofComponents(Class<?> type, ResolvableType declared, Set<String> within) {
        for (RecordComponent component : type.getRecordComponents()) {
            String refusal = refusal(ResolvableType.forType(component.getGenericType(), declared), within);
            if (refusal != null) {
                return "%s (%s.%s)".formatted(refusal, type.getSimpleName(), component.getName());
            }
        }
        return null;
    }

    private static Set<String> with(Set<String> some, String one) {
        Set<String> all = new HashSet<>(some);
        all.add(one);
        return all;
    }

    private static boolean hasEquals(Class<?> type) {
        if (type.isInterface() || type.isEnum()) {
            return true;
        }
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
