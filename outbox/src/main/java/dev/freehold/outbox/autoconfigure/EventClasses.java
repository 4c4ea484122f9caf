package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxEvent;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Finds the application's event classes, so that wrong declarations show at start. */
final class EventClasses extends ClassPathScanningCandidateComponentProvider {

    private EventClasses() {
        super(false);
        addIncludeFilter(new AnnotationTypeFilter(OutboxEvent.class, false));
    }

    static Class<?>[] below(BeanFactory beans) {
        List<String> packages = AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : List.of();
        EventClasses scanner = new EventClasses();
        return packages.stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(definition -> ClassUtils.resolveClassName(
                        String.valueOf(definition.getBeanClassName()), EventClasses.class.getClassLoader()))
                .distinct()
                .toArray(Class<?>[]::new);
    }

    /** Abstract and inner classes too: they are mistakes to be told of. */
    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
        return true;
    }
}
