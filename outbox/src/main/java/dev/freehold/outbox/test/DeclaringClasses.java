package dev.freehold.outbox.test;

import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.PublishedState;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Finds classes that declare events, states or listeners. */
final class DeclaringClasses extends ClassPathScanningCandidateComponentProvider {

    private DeclaringClasses() {
        super(false);
        addIncludeFilter(new AnnotationTypeFilter(OutboxEvent.class, false));
        addIncludeFilter(new AnnotationTypeFilter(PublishedState.class, false));
        addIncludeFilter(
                (reader, factory) -> reader.getAnnotationMetadata().hasAnnotatedMethods(InboxListener.class.getName()));
    }

    static Set<Class<?>> in(String... packages) {
        DeclaringClasses scanner = new DeclaringClasses();
        Set<Class<?>> found = new LinkedHashSet<>();
        Arrays.stream(packages)
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(definition -> String.valueOf(definition.getBeanClassName()))
                .sorted()
                .forEach(name -> found.add(ClassUtils.resolveClassName(name, ClassUtils.getDefaultClassLoader())));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are no events, states or listeners in " + Arrays.toString(packages));
        }
        return found;
    }

    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
        return true;
    }
}
