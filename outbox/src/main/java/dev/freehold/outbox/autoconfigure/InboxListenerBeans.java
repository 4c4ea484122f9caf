package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxListener;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the beans with {@link InboxListener} methods; others are not created for it. */
final class InboxListenerBeans {

    private InboxListenerBeans() {}

    static List<Object> in(ConfigurableListableBeanFactory beans) {
        List<Object> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, false, false)) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && hasListeners(type)) {
                found.add(beans.getBean(name));
            }
        }
        return found;
    }

    private static boolean hasListeners(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, InboxListener.class)
                && !type.getName().startsWith("org.springframework.")
                && !MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<Boolean>) method ->
                                AnnotatedElementUtils.hasAnnotation(method, InboxListener.class) ? true : null)
                        .isEmpty();
    }
}
