package dev.freehold.compositiontest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.CallPolicies;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.InvalidDeclarationException;
import dev.freehold.composition.View;
import dev.freehold.composition.autoconfigure.CompositionAutoConfiguration;
import dev.freehold.composition.autoconfigure.CompositionOperationsAutoConfiguration;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.retry.RetryRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

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
}
