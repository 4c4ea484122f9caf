package dev.freehold.compositiontest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.CallPolicies;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.InvalidDeclarationException;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Part;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.RootSourceSpec;
import dev.freehold.composition.Source;
import dev.freehold.composition.SourceSpec;
import dev.freehold.composition.View;
import dev.freehold.composition.ViewSpec;
import dev.freehold.composition.autoconfigure.CompositionAutoConfiguration;
import dev.freehold.composition.autoconfigure.CompositionOperationsAutoConfiguration;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.retry.RetryRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** On, off, backing off, bad values, missing classes. */
class SettingsTests {

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage
    @Import(OrdersApplication.Sources.class)
    static class Service {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CompositionAutoConfiguration.class, CompositionOperationsAutoConfiguration.class))
            .withUserConfiguration(Service.class);

    @Test
    void findsSourcesAndViews() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Compositions.class);
            assertThat(context.getBeansOfType(View.class)).containsOnlyKeys("orderRowView", "strictRowView");
        });
    }

    record Item(long id) {}

    record ItemRow(Item item, Part<Item> twice) {}

    @Configuration(proxyBeanMethods = false)
    static class WithSpecs {

        @Bean
        SourceSpec doubled() {
            return SourceSpec.one("doubled", Long.class, Item.class, id -> new Item(2 * id));
        }

        @Bean
        RootSourceSpec items() {
            return RootSourceSpec.of("items", Item.class, (at, limit) -> List.of(new Item(7)))
                    .sort("id");
        }

        @Bean
        ViewSpec itemRow() {
            return ViewSpec.of(ItemRow.class).root("item", "items").one("twice", "doubled", "item.id");
        }
    }

    @Test
    void findsSpecs() {
        runner.withUserConfiguration(WithSpecs.class).run(context -> {
            ItemRow row = context.getBean(Compositions.class)
                    .view(ItemRow.class)
                    .page(null, Keyset.start(), 10)
                    .rows()
                    .get(0);

            assertThat(row.twice().optional()).contains(new Item(14));
            assertThat(context.getBeansOfType(View.class)).containsOnlyKeys("orderRowView", "strictRowView");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class WithFactory {

        @Bean
        static FactoryBean<?> late() {
            return new FactoryBean<Object>() {
                @Override
                public Object getObject() {
                    return "made";
                }

                @Override
                public Class<?> getObjectType() {
                    CREATED.set(true);
                    return String.class;
                }
            };
        }
    }

    private static final AtomicBoolean CREATED = new AtomicBoolean();

    /** Or it would be there before those that look after all beans. */
    @Test
    void createsNoFactoryToFindItsType() {
        CREATED.set(false);
        runner.withUserConfiguration(WithFactory.class)
                .withInitializer(context -> context.addBeanFactoryPostProcessor(beans -> {
                    assertThat(CREATED).isFalse();
                }))
                .run(context -> assertThat(context).hasSingleBean(Compositions.class));
    }

    @Test
    void isOffIfToldSo() {
        runner.withPropertyValues("freehold.composition.enabled=false")
                .run(context ->
                        assertThat(context).doesNotHaveBean(Compositions.class).doesNotHaveBean(View.class));
    }

    @Test
    void backsOffIfTheServiceHasItsOwn() {
        Compositions own = Compositions.builder().build();
        runner.withBean("own", Compositions.class, () -> own)
                .run(context -> assertThat(context.getBean(Compositions.class)).isSameAs(own));
    }

    @Test
    void worksWithoutResilience4j() {
        runner.withClassLoader(new FilteredClassLoader(RetryRegistry.class.getPackageName()))
                .run(context -> assertThat(context)
                        .hasSingleBean(Compositions.class)
                        .doesNotHaveBean(Resilience4jPolicies.class)
                        .doesNotHaveBean(CallPolicies.class));
    }

    @Test
    void refusesSettingsOfASourceThatIsNotThere() {
        runner.withPropertyValues("freehold.composition.sources.custmers.concurrency=3")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidDeclarationException.class)
                        .hasMessageContaining(
                                "Settings of source 'custmers', which is not there. Did you mean 'customers'?"));
    }

    @Test
    void refusesABudgetThatIsOutOfBounds() {
        runner.withPropertyValues("freehold.composition.budget=1h")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage("budget must be between 1ms and 10m, was PT1H"));
    }

    @Test
    void refusesAConcurrencyThatIsOutOfBounds() {
        runner.withPropertyValues("freehold.composition.concurrency=0")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage("concurrency must be between 1 and 10000, was 0"));
    }

    /** A source that asks for pages itself. */
    static class WithView {

        final View<OrdersApplication.OrderRow, OrdersApplication.OrderFilter> orders;

        WithView(View<OrdersApplication.OrderRow, OrdersApplication.OrderFilter> orders) {
            this.orders = orders;
        }

        @Source(name = "counts", id = "")
        Map<String, Integer> counts(Set<String> statuses) {
            return statuses.stream()
                    .collect(Collectors.toMap(
                            status -> status,
                            status -> orders.page(new OrdersApplication.OrderFilter(status), Keyset.start(), 100)
                                    .rows()
                                    .size()));
        }
    }

    @Test
    void injectsViewsIntoSources() {
        runner.withBean(WithView.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(WithView.class).counts(Set.of("OPEN"))).containsEntry("OPEN", 5);
        });
    }

    static class Cached {

        final AtomicInteger calls = new AtomicInteger();

        @Source(name = "cities", cache = "cities", forEverybody = true)
        Map<Long, String> cities(Set<Long> ids) {
            calls.incrementAndGet();
            return ids.stream().collect(Collectors.toMap(id -> id, id -> "city " + id));
        }
    }

    @Test
    void refusesACacheWithoutAManager() {
        runner.withBean(Cached.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(InvalidDeclarationException.class)
                        .rootCause()
                        .hasMessageContaining("there is no CacheManager"));
    }

    @Test
    void findsTheCacheManager() {
        runner.withBean(Cached.class)
                .withBean(ConcurrentMapCacheManager.class, () -> new ConcurrentMapCacheManager("cities"))
                .run(context -> assertThat(context).hasSingleBean(Compositions.class));
    }

    /** Is on the class path of some services only. */
    static class Optional {}

    /** A bean, not created in those that do not have it. */
    static class Mentions {

        void use(Optional optional) {}
    }

    /** Has no {@link Optional}. */
    private static final class Without extends ClassLoader {

        private Without() {
            super(SettingsTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(Optional.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            return name.equals(Mentions.class.getName()) ? defined(name) : super.loadClass(name, resolve);
        }

        private Class<?> defined(String name) throws ClassNotFoundException {
            try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] all = Objects.requireNonNull(bytes).readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }

    @Test
    void passesOverBeansWhoseMethodsMentionWhatIsNotThere() throws ClassNotFoundException {
        RootBeanDefinition definition = new RootBeanDefinition(new Without().loadClass(Mentions.class.getName()));
        definition.setLazyInit(true);
        runner.withInitializer(
                        context -> ((BeanDefinitionRegistry) context).registerBeanDefinition("mentions", definition))
                .run(context -> assertThat(context).hasSingleBean(Compositions.class));
    }

    @Test
    @CompileWithForkedClassLoader
    void worksWithBeansThatWereProcessedAheadOfTime() {
        GenericApplicationContext context = new AnnotationConfigApplicationContext();
        AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
        reader.register(Service.class, CompositionAutoConfiguration.class);
        TestGenerationContext generation = new TestGenerationContext();
        ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();
        isKnownToANativeImage(generation.getRuntimeHints());

        TestCompiler.forSystem().with(generation).compile(compiled -> {
            GenericApplicationContext fresh = new GenericApplicationContext();
            compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName())
                    .initialize(fresh);
            try (fresh) {
                fresh.refresh();
                assertThat(fresh.getBeanProvider(ResolvableType.forClassWithGenerics(
                                        View.class,
                                        OrdersApplication.OrderRow.class,
                                        OrdersApplication.OrderFilter.class))
                                .getIfUnique())
                        .isInstanceOfSatisfying(
                                View.class,
                                view -> assertThat(view.plan().name()).isEqualTo("OrderRow"));
            }
        });
    }

    /** What is found by reflection, which there is only for what was told beforehand. */
    private static void isKnownToANativeImage(RuntimeHints hints) {
        ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();
        assertThat(reflection.onConstructorInvocation(
                        OrdersApplication.OrderRow.class.getDeclaredConstructors()[0]))
                .as("the constructor of the view")
                .accepts(hints);
        for (Method method : OrdersApplication.Sources.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Source.class) || method.isAnnotationPresent(RootSource.class)) {
                assertThat(reflection.onMethodInvocation(method))
                        .as(method.toString())
                        .accepts(hints);
            }
        }
        for (Class<?> row : List.of(
                OrdersApplication.Order.class, OrdersApplication.Customer.class, OrdersApplication.OrderFilter.class)) {
            for (RecordComponent component : row.getRecordComponents()) {
                assertThat(reflection.onMethodInvocation(component.getAccessor()))
                        .as(component.toString())
                        .accepts(hints);
            }
        }
    }
}
