package dev.freehold.composition.contract;

import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Finds the methods of a class that are sources. */
final class Sources {

    private Sources() {}

    /** By their names. */
    static Map<String, Method> of(Class<?> client) {
        Map<String, Method> byName = new TreeMap<>();
        MethodIntrospector.selectMethods(client, Sources::name).forEach((method, name) -> byName.put(name, method));
        if (byName.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no method with @Source or @RootSource, so there is nothing to check; to check what other code reads, name the endpoint and the type: contract.answer(\"GET\", \"/…\").verifyReadableAs(Row[].class)"
                            .formatted(client.getSimpleName()));
        }
        return byName;
    }

    static Method find(Class<?> client, String source) {
        Map<String, Method> byName = of(client);
        if (!byName.containsKey(source)) {
            throw new IllegalArgumentException("%s has no source '%s', only: %s"
                    .formatted(client.getSimpleName(), source, Drifts.names(byName.keySet())));
        }
        return Objects.requireNonNull(byName.get(source));
    }

    private static @Nullable String name(Method method) {
        Source source = AnnotatedElementUtils.findMergedAnnotation(method, Source.class);
        if (source != null) {
            return source.name();
        }
        RootSource root = AnnotatedElementUtils.findMergedAnnotation(method, RootSource.class);
        return root == null ? null : root.name();
    }
}
