package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Compositions;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Tells a native image of the application's views, of the methods that are their sources, and of what those take and return. */
final class NativeHints implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(Compositions.class, false, false).length == 0) {
            return null;
        }
        Set<Class<?>> views = AnnotatedViews.in(beans);
        List<Method> sources = new SourceBeans(beans).methods();
        return (generation, code) -> {
            RuntimeHints hints = generation.getRuntimeHints();
            BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
            binding.registerReflectionHints(hints.reflection(), views.toArray(Type[]::new));
            for (Method source : sources) {
                hints.reflection().registerMethod(source, ExecutableMode.INVOKE);
                binding.registerReflectionHints(hints.reflection(), source.getGenericReturnType());
                binding.registerReflectionHints(
                        hints.reflection(),
                        Arrays.stream(source.getGenericParameterTypes()).toArray(Type[]::new));
            }
        };
    }
}
