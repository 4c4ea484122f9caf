package dev.freehold.inbox;

import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** One {@link InboxListener} method, checked. */
record ListenerMethod(
        Object bean,
        Method method,
        String group,
        String topic,
        String type,
        Class<?> eventClass,
        boolean takesTombstones,
        boolean wantsContext,
        int schemaVersion,
        @Nullable EventVersion version) {

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /** The listener methods of a bean, with their annotations; also of beans behind a proxy. */
    static Map<Method, InboxListener> declaredBy(Class<?> beanClass) {
        return MethodIntrospector.selectMethods(beanClass, (MethodIntrospector.MetadataLookup<InboxListener>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, InboxListener.class));
    }

    static List<ListenerMethod> of(Object bean, String defaultGroup, UnaryOperator<String> placeholders) {
        List<ListenerMethod> methods = new ArrayList<>();
        declaredBy(AopUtils.getTargetClass(bean)).forEach((method, declared) -> {
            String group = declared.group().isEmpty() ? defaultGroup : placeholders.apply(declared.group());
            if (group.isBlank()) {
                throw wrong(
                        method,
                        "has no group",
                        "Name it, @InboxListener(group = \"billing\"), or set spring.application.name.");
            }
            methods.add(of(bean, method, declared, group, placeholders.apply(declared.topic())));
        });
        return methods;
    }

    /** The {@link OutboxHandler} methods of a bean, as listeners of their event's topic. */
    static List<ListenerMethod> handlersOf(Object bean, String group) {
        Set<Method> handlers =
                MethodIntrospector.selectMethods(AopUtils.getTargetClass(bean), (ReflectionUtils.MethodFilter)
                        method -> AnnotatedElementUtils.hasAnnotation(method, OutboxHandler.class));
        return handlers.stream()
                .map(method -> {
                    OutboxEvent event = eventOf(method);
                    InboxListener declared = AnnotationUtils.synthesizeAnnotation(
                            Map.of("topic", event.topic()), InboxListener.class, method);
                    return of(bean, method, declared, group, event.topic());
                })
                .toList();
    }

    private static OutboxEvent eventOf(Method handler) {
        OutboxEvent event = handler.getParameterCount() == 0
                ? null
                : handler.getParameterTypes()[0].getAnnotation(OutboxEvent.class);
        if (event == null) {
            throw wrong(
                    handler,
                    "does not take an event of this service's outbox",
                    "Its first parameter is of a class with @OutboxEvent: void send(MailRequested mail).");
        }
        return event;
    }

    private static ListenerMethod of(Object bean, Method method, InboxListener declared, String group, String topic) {
        Class<?>[] parameters = method.getParameterTypes();
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw wrong(method, "is private or static", "Make it an instance method that others may call.");
        }
        if (method.getReturnType() != void.class) {
            throw wrong(
                    method,
                    "returns " + method.getReturnType().getSimpleName(),
                    "Let it return nothing; an answer is an event of its own, published with Outbox.publish.");
        }
        boolean wantsContext = parameters.length == 2 && parameters[1] == EventContext.class;
        if (parameters.length == 0 || parameters.length > 2 || (parameters.length == 2 && !wantsContext)) {
            throw wrong(
                    method,
                    "does not take an event",
                    "Its parameters are the event and, if it likes, an EventContext: void on(OrderPlaced event, EventContext context).");
        }
        if (!TOPIC.matcher(topic).matches()) {
            throw wrong(
                    method,
                    "has the topic '%s'".formatted(topic),
                    "Name the topic, @InboxListener(topic = \"orders\"); for another, write another method.");
        }
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
            throw wrong(
                    method,
                    "is final, and its bean behind a proxy",
                    "Take final off it, or it runs without the bean's fields.");
        }
        Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        invocable.trySetAccessible();
        boolean takesTombstones = parameters[0] == Optional.class;
        Class<?> eventClass = takesTombstones ? eventClassInOptional(method) : parameters[0];
        String type = typeOf(method, declared, eventClass);
        EventVersion version = versionOf(method, declared, eventClass);
        return new ListenerMethod(
                bean,
                invocable,
                group,
                topic,
                type,
                eventClass,
                takesTombstones,
                wantsContext,
                schemaVersionOf(method, declared, eventClass),
                version);
    }

    /** 0 if neither the listener nor the class says. */
    private static int schemaVersionOf(Method method, InboxListener declared, Class<?> eventClass) {
        if (declared.version() < 0) {
            throw wrong(method, "is for version " + declared.version(), "The first version is 1.");
        }
        OutboxEvent event = eventClass.getAnnotation(OutboxEvent.class);
        return declared.version() > 0 || event == null ? declared.version() : event.version();
    }

    private static Class<?> eventClassInOptional(Method method) {
        Class<?> eventClass =
                ResolvableType.forMethodParameter(method, 0).getGeneric(0).resolve();
        if (eventClass == null || eventClass == Object.class) {
            throw wrong(
                    method,
                    "takes an Optional of nothing known",
                    "Say of which event: void on(Optional<CustomerState> state, EventContext context).");
        }
        return eventClass;
    }

    private static @Nullable EventVersion versionOf(Method method, InboxListener declared, Class<?> eventClass) {
        if (declared.newestBy().isBlank()) {
            return null;
        }
        return EventVersion.of(eventClass, declared.newestBy())
                .orElseThrow(
                        () -> wrong(
                                method,
                                "goes by '%s', which is no whole number in %s"
                                        .formatted(declared.newestBy(), eventClass.getName()),
                                "Name a property of type long or int that grows with every state of a key, such as its @Version."));
    }

    private static String typeOf(Method method, InboxListener declared, Class<?> eventClass) {
        if (!declared.type().isBlank()) {
            return declared.type();
        }
        OutboxEvent event = eventClass.getAnnotation(OutboxEvent.class);
        if (event == null) {
            throw wrong(
                    method,
                    "does not say which type of event it handles",
                    "Name it: @InboxListener(topic = \"%s\", type = \"orders.order-placed\"); the publisher's @OutboxEvent tells it."
                            .formatted(declared.topic()));
        }
        return event.type();
    }

    static InboxException wrong(Method method, String what, String action) {
        String declared =
                AnnotatedElementUtils.hasAnnotation(method, OutboxHandler.class) ? "OutboxHandler" : "InboxListener";
        return new InboxException(
                "@%s method %s.%s %s."
                        .formatted(declared, method.getDeclaringClass().getName(), method.getName(), what),
                action);
    }

    void invoke(Optional<Object> event, EventContext context) {
        Object argument = takesTombstones ? event : event.orElseThrow();
        try {
            if (wantsContext) {
                method.invoke(bean, argument, context);
            } else {
                method.invoke(bean, argument);
            }
        } catch (InvocationTargetException e) {
            throw new HandlerFailure(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // made accessible when the listener was checked
        }
    }

    /** The event, or nothing of a tombstone. */
    Optional<Object> read(InboxMessage message, JsonMapper json, Upcasters upcasters) {
        byte[] payload = message.payload();
        if (payload == null) {
            if (takesTombstones) {
                return Optional.empty();
            }
            throw new Unreadable(
                    "the message has no payload, and the listener takes no Optional<%s>"
                            .formatted(eventClass.getSimpleName()),
                    null);
        }
        try {
            Object event = read(payload, message.context(), json, upcasters);
            if (event == null) {
                throw new Unreadable("the payload is null", null);
            }
            return Optional.of(event);
        } catch (JacksonException e) {
            throw new Unreadable(
                    "the payload is not a %s: %s".formatted(eventClass.getName(), e.getOriginalMessage()), e);
        }
    }

    private @Nullable Object read(byte[] payload, EventContext context, JsonMapper json, Upcasters upcasters) {
        int own = schemaVersion > 0 ? schemaVersion : upcasters.newest(type);
        if (context.version() >= own) {
            return json.readValue(payload, eventClass);
        }
        return json.treeToValue(upcasters.upcast(json.readTree(payload), type, context.version(), own), eventClass);
    }

    /** A handler threw; the cause tells what. */
    static final class HandlerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerFailure(@Nullable Throwable cause) {
            super(cause);
        }
    }

    /** The message will not become readable by trying again. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
