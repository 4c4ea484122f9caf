package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.PublishedState;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Tells a native image of the application's events, states and listeners, and of our scripts. */
final class NativeHints implements BeanFactoryInitializationAotProcessor {

    private static final List<Class<? extends Annotation>> LISTENERS =
            List.of(InboxListener.class, OutboxHandler.class);

    private static final String SCRIPTS = "dev/freehold/outbox/schema-*.sql";

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(dev.freehold.outbox.Outbox.class, false, false).length == 0
                && beans.getBeanNamesForType(dev.freehold.inbox.Inbox.class, false, false).length == 0) {
            return null;
        }
        List<Class<?>> events = List.of(AnnotatedClasses.with(OutboxEvent.class, beans));
        List<Class<?>> entities = List.of(AnnotatedClasses.with(PublishedState.class, beans));
        List<Class<?>> listeners = listeners(beans);
        return (generation, code) -> {
            RuntimeHints hints = generation.getRuntimeHints();
            hints.resources().registerPattern(SCRIPTS);
            events.forEach(event -> bind(event, hints));
            entities.forEach(entity -> state(entity, hints));
            listeners.forEach(listener -> listener(listener, hints));
        };
    }

    private static List<Class<?>> listeners(ConfigurableListableBeanFactory beans) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<? extends Annotation> annotation : LISTENERS) {
            for (String name : AnnotatedBeans.names(annotation, beans)) {
                Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
                if (type != null) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    private static boolean hasListener(Method method) {
        return LISTENERS.stream().anyMatch(annotation -> AnnotatedElementUtils.hasAnnotation(method, annotation));
    }

    private static void bind(Class<?> read, RuntimeHints hints) {
        new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), read);
        hints.reflection().registerType(read, MemberCategory.ACCESS_DECLARED_FIELDS);
    }

    private static void state(Class<?> entity, RuntimeHints hints) {
        PublishedState declared = entity.getAnnotation(PublishedState.class);
        if (declared != null) {
            bind(declared.as(), hints);
            hints.reflection().registerType(declared.as(), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        }
    }

    private static void listener(Class<?> type, RuntimeHints hints) {
        MethodIntrospector.selectMethods(
                        type, (MethodIntrospector.MetadataLookup<Boolean>) method -> hasListener(method) ? true : null)
                .keySet()
                .forEach(method -> {
                    hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
                    Arrays.stream(method.getParameterTypes())
                            .limit(1)
                            .map(parameter -> parameter == Optional.class
                                    ? ResolvableType.forMethodParameter(method, 0)
                                            .getGeneric(0)
                                            .resolve(Object.class)
                                    : parameter)
                            .forEach(event -> bind(event, hints));
                });
    }
}
