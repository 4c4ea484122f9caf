package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.View;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.util.StringUtils;

/** Registers a bean of type {@code View<Row, Filter>} for each view, so that it can be injected. */
final class ViewRegistrar implements BeanDefinitionRegistryPostProcessor, BeanFactoryAware, Ordered {

    private ConfigurableListableBeanFactory beans = new DefaultListableBeanFactory();

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = (ConfigurableListableBeanFactory) beanFactory;
    }

    /** After those that find components and configurations. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        Map<String, Class<?>> filters = new SourceBeans(beans).filters();
        Set<Class<?>> rows = AnnotatedViews.in(beans);
        registry.registerBeanDefinition("compositionViewTypes", types(rows));
        for (Class<?> row : rows) {
            ComposedView declared = row.getAnnotation(ComposedView.class);
            Class<?> filter =
                    declared == null ? null : declared.root().isEmpty() ? Void.class : filters.get(declared.root());
            String name = StringUtils.uncapitalize(row.getSimpleName()) + "View";
            if (filter != null && !registry.containsBeanDefinition(name)) {
                registry.registerBeanDefinition(name, definition(row, filter));
            } // else the compositions refuse the view at start
        }
    }

    private static RootBeanDefinition types(Set<Class<?>> rows) {
        RootBeanDefinition definition = new RootBeanDefinition(ViewTypes.class);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, rows.toArray(Class<?>[]::new));
        return definition;
    }

    private static RootBeanDefinition definition(Class<?> row, Class<?> filter) {
        RootBeanDefinition definition = new RootBeanDefinition(ViewFactory.class);
        ResolvableType view = ResolvableType.forClassWithGenerics(View.class, row, filter);
        definition.setTargetType(ResolvableType.forClassWithGenerics(ViewFactory.class, view));
        definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, view);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, row);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, filter);
        return definition;
    }
}
