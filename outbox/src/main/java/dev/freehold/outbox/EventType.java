package dev.freehold.outbox;

import java.util.regex.Pattern;
import org.springframework.context.ApplicationEvent;

/** What {@link OutboxEvent} declares of a class, checked. */
record EventType(Class<?> javaType, String type, int version, String topic, KeyOrder order, EventKeyReader key) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

    static EventType of(Class<?> javaType) {
        OutboxEvent declared = javaType.getAnnotation(OutboxEvent.class);
        if (declared == null) {
            throw new OutboxException(
                    "%s is not an event.".formatted(javaType.getName()),
                    "Put @OutboxEvent(type = \"…\", topic = \"…\") on the class, and publish its instances one by one.");
        }
        if (javaType.isInterface() || java.lang.reflect.Modifier.isAbstract(javaType.getModifiers())) {
            throw wrong(
                    javaType, "is abstract", "Put @OutboxEvent on the concrete classes: each has a type of its own.");
        }
        if (javaType.isMemberClass() && !java.lang.reflect.Modifier.isStatic(javaType.getModifiers())) {
            throw wrong(
                    javaType, "is an inner class", "Make it a record or a static class: an event is only its data.");
        }
        if (ApplicationEvent.class.isAssignableFrom(javaType)) {
            throw wrong(
                    javaType,
                    "extends Spring's ApplicationEvent",
                    "Make it a record of its own: Spring publishes any object, and this one's source would go along.");
        }
        checkNames(javaType, declared.type(), declared.topic(), declared.version());
        return new EventType(
                javaType,
                declared.type(),
                declared.version(),
                declared.topic(),
                declared.ordered(),
                EventKeyReader.of(javaType));
    }

    static EventType ofState(Class<?> entity, PublishedState declared, Class<?> idType) {
        checkNames(entity, declared.type(), declared.topic(), declared.version());
        return new EventType(
                entity,
                declared.type(),
                declared.version(),
                declared.topic(),
                KeyOrder.ROW_LOCK,
                EventKeyReader.ofId(entity, idType));
    }

    private static void checkNames(Class<?> javaType, String type, String topic, int version) {
        checkName(javaType, "type", type, 255, "a logical name such as orders.order-placed");
        if (type.equals(javaType.getName())) {
            throw wrong(
                    javaType,
                    "uses its class name as type",
                    "Give it a logical name such as orders.order-placed, so that renaming the class strands no events.");
        }
        checkName(javaType, "topic", topic, 249, "the name of a Kafka topic");
        if (version < 1) {
            throw wrong(javaType, "has version " + version, "The version must be at least 1; leave it out for 1.");
        }
    }

    /** Refuses what cannot be the name of a topic. */
    static void requireTopic(String topic) {
        require("topic", topic, 249);
    }

    /** Refuses what cannot be a type and its version. */
    static void requireType(String type, int version) {
        require("type", type, 255);
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1, was " + version);
        }
    }

    private static void require(String what, String name, int longest) {
        if (!isName(name, longest)) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d letters, digits, dots, underscores and hyphens, was '%s'"
                            .formatted(what, longest, name));
        }
    }

    private static boolean isName(String name, int longest) {
        boolean dots = name.equals(".") || name.equals("..");
        return name.length() <= longest && !dots && NAME.matcher(name).matches();
    }

    private static void checkName(Class<?> javaType, String what, String name, int longest, String expected) {
        if (!isName(name, longest)) {
            throw wrong(
                    javaType,
                    "has the %s '%s'".formatted(what, name),
                    "The %s is %s: 1 to %d letters, digits, dots, underscores and hyphens."
                            .formatted(what, expected, longest));
        }
    }

    static OutboxException wrong(Class<?> javaType, String what, String action) {
        return new OutboxException("Event class %s %s.".formatted(javaType.getName(), what), action);
    }
}
