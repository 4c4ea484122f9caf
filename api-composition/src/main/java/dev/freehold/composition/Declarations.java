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

/** The sources that beans and specs declare, by their names. */
final class Declarations {

    private final Map<String, SourceDefinition> sources = new LinkedHashMap<>();
    private final Map<String, RootDefinition> roots = new LinkedHashMap<>();
    private final Map<String, KeyFinder> finders = new LinkedHashMap<>();
    private final Map<String, Site> sites = new HashMap<>();
    private final CacheReader.Surroundings caches;
    private final Problems problems;

    Declarations(CacheReader.Surroundings caches, Problems problems) {
        this.caches = caches;
        this.problems = problems;
    }

    /** Adds that of a spec, or those of a bean. */
    void read(Object declaring) {
        if (declaring instanceof SourceSpec spec) {
            add(new SourceReader(spec.callee(), spec.declared(), caches, spec.site(problems)));
        } else if (declaring instanceof RootSourceSpec spec) {
            add(new RootReader(spec.callee(), spec.declared(), spec.site(problems)));
        } else if (declaring instanceof KeySourceSpec spec) {
            add(new KeySourceReader(spec.callee(), spec.declared(), spec.site(problems)));
        } else {
            readMethods(declaring);
        }
    }

    private void readMethods(Object bean) {
        methods(bean, Source.class)
                .forEach((method, declared) ->
                        add(new SourceReader(new BeanMethod(bean, method), declared, caches, site(method))));
        methods(bean, RootSource.class)
                .forEach((method, declared) ->
                        add(new RootReader(new BeanMethod(bean, method), declared, site(method))));
        methods(bean, KeySource.class)
                .forEach((method, declared) ->
                        add(new KeySourceReader(new BeanMethod(bean, method), declared, site(method))));
    }

    private Site site(Method method) {
        return new Site(BeanMethod.name(method), Wording.ANNOTATIONS, problems);
    }

    private void add(SourceReader reader) {
        SourceDefinition source = reader.read();
        if (source != null && isNew(source.name(), reader.site())) {
            sources.put(source.name(), source);
        }
    }

    private void add(RootReader reader) {
        RootDefinition root = reader.read();
        if (root != null && isNew(root.name(), reader.site())) {
            roots.put(root.name(), root);
        }
    }

    private void add(KeySourceReader reader) {
        KeyFinder finder = reader.read();
        if (finder != null) {
            add(finder);
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
        return Set.copyOf(sites.keySet());
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

    /** In which words a source or root source is declared; in those, if it is not there. */
    Wording words(String name, Wording others) {
        Site site = sites.get(name);
        return site == null ? others : site.words();
    }

    private boolean isNew(String name, Site site) {
        Site other = sites.putIfAbsent(name, site);
        if (other != null) {
            site.wrong("is named '%s', as %s is.".formatted(name, other.name()), "Give one of them another name.");
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
