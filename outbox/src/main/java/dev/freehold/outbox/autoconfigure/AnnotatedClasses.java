package dev.freehold.outbox.autoconfigure;

import java.lang.annotation.Annotation;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Finds the application's classes with an annotation of ours, so that wrong declarations show at start. */
final class AnnotatedClasses extends ClassPathScanningCandidateComponentProvider {

    private AnnotatedClasses(Class<? extends Annotation> annotation) {
        super(false);
        addIncludeFilter(new AnnotationTypeFilter(annotation, false));
    }

    static Class<?>[] with(Class<? extends Annotation> annotation, BeanFactory beans) {
        List<String> packages = AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : List.of();
        AnnotatedClasses scanner = new AnnotatedClasses(annotation);
        return packages.stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(definition -> ClassUtils.resolveClassName(
                        String.valueOf(definition.getBeanClassName()), AnnotatedClasses.class.getClassLoader()))
                .distinct()
                .toArray(Class<?>[]::new);
    }

    /** Abstract and inner classes too: they are mistakes to be told of. */
    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
        return true;
    }
}
