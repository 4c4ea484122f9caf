package dev.freehold.outbox;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the {@link EventKey} of an event as text. */
@FunctionalInterface
interface EventKeyReader {

    int LONGEST = 255;

    @Nullable
    Object read(Object event) throws ReflectiveOperationException;

    /** The key's text, 1 to {@value #LONGEST} characters. */
    default String keyOf(Object event) {
        Object key;
        try {
            key = read(event);
        } catch (InvocationTargetException e) {
            throw EventType.wrong(
                    event.getClass(), "failed to tell its key: " + e.getCause(), "Mend its @EventKey method.");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // made accessible when the class was checked
        }
        if (key == null) {
            throw EventType.wrong(
                    event.getClass(),
                    "has no key",
                    "Its @EventKey is null: events are ordered by it, so set it before.");
        }
        String text = key instanceof Enum<?> constant ? constant.name() : key.toString();
        if (!isStorable(text)) {
            throw EventType.wrong(
                    event.getClass(),
                    "has a key with characters that databases and brokers cannot keep",
                    "Leave NUL and unpaired surrogates out of keys.");
        }
        if (text.isBlank() || text.length() > LONGEST) {
            throw EventType.wrong(
                    event.getClass(),
                    "has a key of %d characters%s".formatted(text.length(), text.isBlank() ? ", all blank" : ""),
                    "A key has 1 to %d characters: use the id of the aggregate.".formatted(LONGEST));
        }
        return text;
    }

    private static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    static EventKeyReader of(Class<?> javaType) {
        List<EventKeyReader> keys = new ArrayList<>();
        for (Member member : membersOf(javaType)) {
            keys.add(reader(javaType, member));
        }
        if (keys.isEmpty()) {
            throw EventType.wrong(
                    javaType,
                    "has no key",
                    "Put @EventKey on the component with the aggregate's id: events are ordered by it.");
        }
        if (keys.size() > 1) {
            throw EventType.wrong(
                    javaType,
                    "has %d keys".formatted(keys.size()),
                    "Leave @EventKey on the id of the aggregate alone.");
        }
        return keys.get(0);
    }

    /** Reads the key from an entity's id itself. */
    static EventKeyReader ofId(Class<?> entity, Class<?> idType) {
        return unwrap(entity, idType, id -> id);
    }

    private static List<Member> membersOf(Class<?> javaType) {
        Map<String, Member> members = new LinkedHashMap<>(); // by name: a record's component is a field and a method
        for (Class<?> type = javaType; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.isAnnotationPresent(EventKey.class)) {
                    members.put(field.getName(), new Member(field, field.getType(), field::get));
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(EventKey.class) && !method.isBridge()) {
                    members.putIfAbsent(method.getName(), new Member(method, method.getReturnType(), method::invoke));
                }
            }
        }
        return List.copyOf(members.values());
    }

    private static EventKeyReader reader(Class<?> javaType, Member member) {
        if (member.accessible() instanceof Method method
                && (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers()))) {
            throw EventType.wrong(
                    javaType,
                    "has @EventKey on %s".formatted(method.getName()),
                    "An @EventKey method is an instance method without parameters.");
        }
        if (member.accessible() instanceof Field field && Modifier.isStatic(field.getModifiers())) {
            throw EventType.wrong(
                    javaType,
                    "has @EventKey on the static field " + field.getName(),
                    "A key is a value of each event.");
        }
        try {
            member.accessible().setAccessible(true);
        } catch (RuntimeException e) {
            throw EventType.wrong(
                    javaType, "does not let its key be read", "Open its package to dev.freehold.outbox: " + e);
        }
        return unwrap(javaType, member.type(), member.read());
    }

    private static EventKeyReader unwrap(Class<?> javaType, Class<?> keyType, EventKeyReader read) {
        if (isPlain(keyType)) {
            return read;
        }
        if (keyType.isRecord() && keyType.getRecordComponents().length == 1) {
            Method accessor = keyType.getRecordComponents()[0].getAccessor();
            accessor.setAccessible(true);
            return unwrap(javaType, accessor.getReturnType(), event -> {
                Object typedId = read.read(event);
                return typedId == null ? null : accessor.invoke(typedId);
            });
        }
        throw EventType.wrong(
                javaType,
                "has a key of type " + keyType.getName(),
                "A key is a String, a UUID, a whole number, an enum, or a record with one such component.");
    }

    private static boolean isPlain(Class<?> type) {
        return type.isEnum()
                || Set.of(
                                String.class,
                                UUID.class,
                                Long.class,
                                long.class,
                                Integer.class,
                                int.class,
                                Short.class,
                                short.class,
                                BigInteger.class)
                        .contains(type);
    }

    /** A record component, field or method that carries the annotation. */
    record Member(AccessibleObject accessible, Class<?> type, EventKeyReader read) {}
}
