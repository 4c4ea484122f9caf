package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.KeySource;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Finds the beans whose methods are sources, by their types: none of them is created for that. */
final class SourceBeans {

    private static final Logger log = LoggerFactory.getLogger(SourceBeans.class);

    private static final List<Class<? extends Annotation>> SOURCES =
            List.of(Source.class, RootSource.class, KeySource.class);

    private final ConfigurableListableBeanFactory beans;

    SourceBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The names of beans that have sources, in the order of their definition. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = type(name);
            if (type != null
                    && SOURCES.stream().anyMatch(kind -> !methods(type, kind).isEmpty())) {
                names.add(name);
            }
        }
        return names;
    }

    /** The methods that are sources. */
    List<Method> methods() {
        List<Method> all = new ArrayList<>();
        for (String name : names()) {
            Class<?> type = type(name);
            for (Class<? extends Annotation> kind : SOURCES) {
                all.addAll(type == null ? List.of() : methods(type, kind).keySet());
            }
        }
        return all;
    }

    /** What root sources filter by, by their names; {@link Void} if they do not. */
    Map<String, Class<?>> filters() {
        Map<String, Class<?>> filters = new HashMap<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = type(name);
            if (type != null) {
                methods(type, RootSource.class).forEach((method, root) -> filters.put(root.name(), filter(method)));
            }
        }
        return filters;
    }

    private static Class<?> filter(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .filter(Class::isRecord)
                .findFirst()
                .orElse(Void.class);
    }

    private @Nullable Class<?> type(String name) {
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        if (ScopedProxyUtils.isScopedTarget(name) || definition.isAbstract()) {
            return null;
        }
        Object target = definition.getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE);
        return target instanceof Class<?> proxied ? proxied : beans.getType(name, false);
    }

    private static <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        if (type.getName().startsWith("org.springframework.")) {
            return Map.of();
        }
        try {
            return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<A>)
                    method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation));
        } catch (LinkageError | IllegalStateException missing) { // a class that its methods mention is not there
            log.debug("The methods of {} cannot be read: it is taken for no source", type.getName(), missing);
            return Map.of();
        }
    }
}
