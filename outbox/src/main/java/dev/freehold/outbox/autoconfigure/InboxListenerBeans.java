package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxException;
import dev.freehold.inbox.InboxListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the beans with {@link InboxListener} methods; others are not created for it. */
final class InboxListenerBeans {

    private InboxListenerBeans() {}

    static List<Object> in(ConfigurableListableBeanFactory beans) {
        return namesIn(beans).stream().map(beans::getBean).toList();
    }

    static List<String> namesIn(ConfigurableListableBeanFactory beans) {
        List<String> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = typeOf(beans, name);
            if (type != null && hasListeners(type)) {
                if (!beans.isSingleton(name)) {
                    throw new InboxException(
                            "Bean '%s' has @InboxListener methods and is no singleton.".formatted(name),
                            "Make it a singleton: there is one consumer, which calls one object.");
                }
                found.add(name);
            }
        }
        return found;
    }

    /** Of the object, once there is one: its bean may be declared by an interface. */
    private static @Nullable Class<?> typeOf(ConfigurableListableBeanFactory beans, String name) {
        Object present = beans.getSingleton(name);
        return present == null || present instanceof FactoryBean<?>
                ? AutoProxyUtils.determineTargetClass(beans, name)
                : AopUtils.getTargetClass(present);
    }

    private static boolean hasListeners(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, InboxListener.class)
                && !type.getName().startsWith("org.springframework.")
                && !MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<Boolean>) method ->
                                AnnotatedElementUtils.hasAnnotation(method, InboxListener.class) ? true : null)
                        .isEmpty();
    }
}
