package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxException;
import java.lang.annotation.Annotation;
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

/** Finds the beans with methods of an annotation; others are not created for it. */
final class AnnotatedBeans {

    private AnnotatedBeans() {}

    static List<Object> with(Class<? extends Annotation> annotation, ConfigurableListableBeanFactory beans) {
        return names(annotation, beans).stream().map(beans::getBean).toList();
    }

    static List<String> names(Class<? extends Annotation> annotation, ConfigurableListableBeanFactory beans) {
        List<String> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = typeOf(beans, name);
            if (type != null && hasMethods(annotation, type)) {
                if (!beans.isSingleton(name)) {
                    throw new InboxException(
                            "Bean '%s' has @%s methods and is no singleton."
                                    .formatted(name, annotation.getSimpleName()),
                            "Make it a singleton: one object is called.");
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

    private static boolean hasMethods(Class<? extends Annotation> annotation, Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, annotation)
                && !type.getName().startsWith("org.springframework.")
                && !MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<Boolean>)
                                method -> AnnotatedElementUtils.hasAnnotation(method, annotation) ? true : null)
                        .isEmpty();
    }
}
