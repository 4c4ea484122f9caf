package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** The sources that beans declare, by their names. */
final class Declarations {

    private final Map<String, SourceDefinition> sources = new LinkedHashMap<>();
    private final Map<String, RootDefinition> roots = new LinkedHashMap<>();
    private final Map<String, KeyFinder> finders = new LinkedHashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final CacheReader.Surroundings caches;
    private final Problems problems;

    Declarations(CacheReader.Surroundings caches, Problems problems) {
        this.caches = caches;
        this.problems = problems;
    }

    /** Adds those of a bean. */
    void read(Object bean) {
        methods(bean, Source.class).forEach((method, declared) -> {
            SourceDefinition source = new SourceReader(bean, method, declared, caches, problems).read();
            if (source != null) {
                add(source);
            }
        });
        methods(bean, RootSource.class).forEach((method, declared) -> {
            RootDefinition root = new RootReader(bean, method, declared, problems).read();
            if (root != null && isNew(root.name(), root.origin())) {
                roots.put(root.name(), root);
            }
        });
        methods(bean, KeySource.class).forEach((method, declared) -> {
            KeyFinder finder = new KeySourceReader(bean, method, declared, problems).read();
            if (finder != null) {
                add(finder);
            }
        });
    }

    private void add(SourceDefinition source) {
        if (isNew(source.name(), source.origin())) {
            sources.put(source.name(), source);
        }
    }

    private void add(KeyFinder finder) {
        KeyFinder other = finders.putIfAbsent(finder.id(), finder);
        if (other != null) {
            problems.add(
                    finder.origin(),
                    "finds keys of source '%s' by %s, as %s does."
                            .formatted(finder.source(), finder.argument().getSimpleName(), other.origin()),
                    "Leave one of them out, or give one a type of its own.");
        }
    }

    Map<String, SourceDefinition> sources() {
        return Map.copyOf(sources);
    }

    Map<String, RootDefinition> roots() {
        return Map.copyOf(roots);
    }

    Collection<KeyFinder> finders() {
        return finders.values();
    }

    /** Of all sources and root sources. */
    Set<String> names() {
        return Set.copyOf(origins.keySet());
    }

    /** For settings that name sources. */
    void requireKnown(Collection<String> named) {
        Set<String> known = new LinkedHashSet<>(sources.keySet());
        known.addAll(roots.keySet());
        for (String name : named) {
            if (!known.contains(name)) {
                problems.add(
                        "Settings",
                        "of source '%s', which is not there.".formatted(name),
                        Problems.choose(name, known));
            }
        }
    }

    private boolean isNew(String name, String origin) {
        String other = origins.putIfAbsent(name, origin);
        if (other != null) {
            problems.add(origin, "is named '%s', as %s is.".formatted(name, other), "Give one of them another name.");
        }
        return other == null;
    }

    /** Of its class, and of what a proxy has beside: the class behind that of a repository is Spring Data's. */
    private static <A extends Annotation> Map<Method, A> methods(Object bean, Class<A> type) {
        MethodIntrospector.MetadataLookup<A> lookup =
                method -> AnnotatedElementUtils.findMergedAnnotation(method, type);
        Class<?> target = AopUtils.getTargetClass(bean);
        Map<Method, A> methods = new LinkedHashMap<>(MethodIntrospector.selectMethods(target, lookup));
        for (Class<?> own : bean.getClass().getInterfaces()) {
            if (!own.isAssignableFrom(target)) {
                methods.putAll(MethodIntrospector.selectMethods(own, lookup));
            }
        }
        return methods;
    }
}
