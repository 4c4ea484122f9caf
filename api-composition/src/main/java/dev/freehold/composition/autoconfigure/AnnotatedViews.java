package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.ComposedView;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Finds the application's views. */
final class AnnotatedViews extends ClassPathScanningCandidateComponentProvider {

    private AnnotatedViews() {
        super(false);
        addIncludeFilter(new AnnotationTypeFilter(ComposedView.class, false));
    }

    static Set<Class<?>> in(ConfigurableBeanFactory beans) {
        List<String> packages = AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : List.of();
        AnnotatedViews scanner = new AnnotatedViews();
        ClassLoader loader = beans.getBeanClassLoader(); // the application's: it may not be that of this class
        scanner.setResourceLoader(new DefaultResourceLoader(loader));
        return packages.stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(definition -> ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), loader))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Also what cannot be a view: it is a mistake to be told of. */
    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
        return true;
    }
}
