package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.core.test.tools.SourceFile;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;

/** What is declared with annotations and what is declared with specs is the same: plans, and pages with all that goes wrong. */
@Timeout(300)
class SameDeclarationTests {

    private static final int SERVICES = 60;
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    /** What either door leads to. */
    private record Doors(
            Consumer<CompositionsBuilder> annotated,
            Class<?> view,
            Consumer<CompositionsBuilder> built,
            Class<?> same) {}

    /** Components of definitions that have no equals, or are told apart from where they are declared. */
    private static final Set<String> CODE = Set.of("origin", "rowKey", "reader", "target", "cache", "semiJoins");

    private final List<String> pages = new ArrayList<>();

    @Test
    void makesTheSamePlansAndPages() {
        List<GeneratedService> services =
                IntStream.range(0, SERVICES).mapToObj(GeneratedService::new).toList();
        TestCompiler.forSystem()
                .withCompilerOptions("-parameters")
                .withSources(services.stream()
                        .flatMap(service -> Stream.of(AnnotatedText.of(service), BuiltText.of(service)))
                        .map(SourceFile::of)
                        .toList())
                .compile(compiled -> services.forEach(service -> compare(service, doors(service))));

        assertThat(services.stream().flatMap(service -> service.sources().stream()))
                .extracting(GeneratedService.OfSource::shape)
                .contains(GeneratedService.Shape.values());
        assertThat(pages).anyMatch(page -> page.equals("failed: SourceUnavailableException"));
        assertThat(pages).anyMatch(page -> page.contains("Unavailable[") && page.contains("Found["));
        assertThat(pages).anyMatch(page -> page.contains("DUPLICATE"));
        assertThat(pages).anyMatch(page -> page.contains("Absent["));
        assertThat(pages).anyMatch(page -> page.contains("Slice["));
        assertThat(pages).filteredOn(page -> page.contains("Found[")).hasSizeGreaterThan(SERVICES);
    }

    private void compare(GeneratedService service, Doors doors) {
        assertThat(definitions(doors.built())).as(AnnotatedText.of(service)).isEqualTo(definitions(doors.annotated()));
        try (Compositions annotated = compositions(doors.annotated());
                Compositions built = compositions(doors.built())) {
            Plan expected = annotated.plans().iterator().next();
            Plan plan = built.plans().iterator().next();
            assertThat(plan.toString()).isEqualTo(expected.toString());
            assertThat(plan.lines()).isEqualTo(expected.lines());
            assertThat(plan.toMermaid()).isEqualTo(expected.toMermaid());
            assertThat(plan.semiJoins()).isEqualTo(expected.semiJoins());

            assertThat(pages(service, built, doors.same()))
                    .as("%s%n%s", expected, BuiltText.of(service))
                    .isEqualTo(pages(service, annotated, doors.view()));
        }
    }

    // ---- what was compiled

    private static Doors doors(GeneratedService service) {
        Class<?> sources = type("generated.Annotated" + service.seed() + "$Sources");
        Class<?> view = type("generated.Annotated" + service.seed() + "$" + service.viewName());
        Class<?> built = type("generated.Built" + service.seed());
        Class<?> same = type("generated.Built" + service.seed() + "$" + service.viewName());
        return new Doors(
                builder -> builder.sources(instance(sources)).views(view),
                view,
                builder -> declare(built, builder),
                same);
    }

    private static Class<?> type(String name) {
        return ClassUtils.resolveClassName(name, Thread.currentThread().getContextClassLoader());
    }

    private static Object instance(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void declare(Class<?> built, CompositionsBuilder builder) {
        try {
            built.getMethod("declare", CompositionsBuilder.class).invoke(null, builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what came of it

    private static List<String> definitions(Consumer<CompositionsBuilder> declarations) {
        List<String> all = new ArrayList<>();
        CompositionsBuilder builder = builder(declarations).caller(declared -> {
            sorted(declared.sources()).forEach(source -> all.add(told(source, source.target()) + told(source.cache())));
            sorted(declared.roots()).forEach(root -> {
                all.add(told(root, root.target()));
                root.semiJoins().forEach(semiJoin -> all.add(told(semiJoin)));
            });
            declared.finders().forEach(finder -> all.add(told(finder, finder.target())));
            return new SimulatedCaller(null);
        });
        builder.build().close();
        return all;
    }

    private static <T> List<T> sorted(Map<String, T> byName) {
        return List.copyOf(new TreeMap<>(byName).values());
    }

    private static String told(Record definition, Question.Target target) {
        return "%s, %s, %s, %s, %s, %s"
                .formatted(
                        told(definition),
                        target.name(),
                        target.hedgeAfter(),
                        target.forEverybody(),
                        target.interruptible(),
                        target.heedsToken());
    }

    /** All that it is but code. */
    private static String told(Record definition) {
        return Arrays.stream(definition.getClass().getRecordComponents())
                .filter(component -> !CODE.contains(component.getName()))
                .map(component ->
                        component.getName() + " = " + ReflectionTestUtils.invokeMethod(definition, component.getName()))
                .collect(Collectors.joining(", "));
    }

    private static String told(@Nullable SourceCache cache) {
        return cache == null
                ? ""
                : ", cache %s %s".formatted(cache.name(), ReflectionTestUtils.getField(cache, "times"));
    }

    private static CompositionsBuilder builder(Consumer<CompositionsBuilder> declarations) {
        CompositionsBuilder builder = Compositions.builder()
                .budget(Duration.ofMinutes(1))
                .caches(new ConcurrentMapCacheManager())
                .clock(NOW);
        declarations.accept(builder);
        return builder;
    }

    private static Compositions compositions(Consumer<CompositionsBuilder> declarations) {
        return builder(declarations).build();
    }

    // ---- pages

    private List<String> pages(GeneratedService service, Compositions compositions, Class<?> type) {
        List<String> all = new ArrayList<>();
        for (Supplier<Page<?>> making : made(service, compositions, type)) {
            boolean failed = all.stream().anyMatch(page -> page.startsWith("failed"));
            all.add(told(making, compositions, failed));
        }
        pages.addAll(all);
        return all;
    }

    private static List<Supplier<Page<?>>> made(GeneratedService service, Compositions compositions, Class<?> type) {
        if (!service.isRooted()) {
            View<?, Void> view = compositions.view(type);
            Supplier<Page<?>> composed = () -> view.compose(Nodes.all("given"));
            return List.of(composed, composed);
        }
        View<?, Nodes.Filter> view = compositions.view(type, Nodes.Filter.class);
        List<Supplier<Page<?>>> made = new ArrayList<>();
        for (Nodes.Filter filter : filters(view.plan())) {
            made.add(() -> view.page(filter, Keyset.start(), 9));
            made.add(() -> view.page(filter, Keyset.after(22L), 30));
        }
        return made;
    }

    private static List<Nodes.Filter> filters(Plan plan) {
        List<Nodes.Filter> filters = new ArrayList<>(List.of(new Nodes.Filter(null, null), new Nodes.Filter(3L, null)));
        if (!plan.semiJoins().isEmpty()) {
            filters.add(new Nodes.Filter(null, 2L));
        }
        return filters;
    }

    /** What a page shows, or that it fails; and who was asked for what, unless a page that failed has left that to chance. */
    private static String told(Supplier<Page<?>> making, Compositions compositions, boolean chance) {
        try {
            Page<?> page = making.get();
            return "%s%nnext %s, missing %s, stale %s%nasked %s"
                    .formatted(
                            page.rows(),
                            page.next(),
                            page.missing().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .toList(),
                            page.stale(),
                            chance ? "" : Nodes.asked());
        } catch (CompositionException failed) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> compositions.callsInFlight().values().stream().allMatch(calls -> calls == 0));
            return "failed: " + failed.getClass().getSimpleName();
        } finally {
            Nodes.asked();
        }
    }

    // ---- nothing is left out

    @Test
    void hasAnOptionForEverythingThatAnAnnotationSays() {
        assertThat(options(SourceSpec.class)).containsAll(attributes(Source.class, "name"));
        assertThat(options(RootSourceSpec.class)).containsAll(attributes(RootSource.class, "name"));
        assertThat(options(KeySourceSpec.class)).containsAll(attributes(KeySource.class, "source"));
        assertThat(options(ViewSpec.class)).containsAll(attributes(ComposedView.class));
        assertThat(options(ViewSpec.OneOptions.class)).containsAll(attributes(One.class, "source", "key"));
        assertThat(options(ViewSpec.ManyOptions.class)).containsAll(attributes(Many.class, "source", "key", "via"));
    }

    private static List<String> options(Class<?> spec) {
        return Arrays.stream(spec.getMethods()).map(Method::getName).toList();
    }

    private static List<String> attributes(Class<? extends Annotation> type, String... positional) {
        return Arrays.stream(type.getDeclaredMethods())
                .map(Method::getName)
                .filter(name -> !List.of(positional).contains(name))
                .toList();
    }
}
