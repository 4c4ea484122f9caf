package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.CallPolicies;
import dev.freehold.composition.CallScope;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.CompositionsBuilder;
import dev.freehold.composition.KeySourceSpec;
import dev.freehold.composition.PageListener;
import dev.freehold.composition.RootSourceSpec;
import dev.freehold.composition.SourceSpec;
import dev.freehold.composition.ViewSpec;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Sets up {@link Compositions} of the sources and specs among the beans, and the views in the application's packages. */
@AutoConfiguration(
        afterName = {
            "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "io.github.resilience4j.springboot.bulkhead.autoconfigure.BulkheadAutoConfiguration",
            "io.github.resilience4j.springboot.ratelimiter.autoconfigure.RateLimiterAutoConfiguration",
            "io.github.resilience4j.springboot.retry.autoconfigure.RetryAutoConfiguration",
            "io.github.resilience4j.springboot.timelimiter.autoconfigure.TimeLimiterAutoConfiguration"
        })
@ConditionalOnProperty(name = "freehold.composition.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CompositionProperties.class)
public final class CompositionAutoConfiguration {

    @Bean
    static ViewRegistrar compositionViews() {
        return new ViewRegistrar();
    }

    @Bean(destroyMethod = "close")
    @Lazy(false) // or mistakes would show with the first page
    @ConditionalOnMissingBean
    Compositions compositions(
            ConfigurableListableBeanFactory beans,
            CompositionProperties properties,
            ViewTypes views,
            ObjectProvider<CallPolicies> policies,
            ObjectProvider<CallScope> scope,
            ObjectProvider<CacheManager> caches,
            ObjectProvider<PageListener> listeners,
            ObjectProvider<SourceSpec> sourceSpecs,
            ObjectProvider<RootSourceSpec> rootSourceSpecs,
            ObjectProvider<KeySourceSpec> keySourceSpecs,
            ObjectProvider<ViewSpec> viewSpecs) {
        CompositionsBuilder builder = Compositions.builder()
                .views(views.rows().toArray(Class<?>[]::new))
                .budget(properties.budget())
                .concurrency(properties.concurrency())
                .concurrencyOfPage(properties.concurrencyOfPage())
                .concurrencyOfProcess(properties.concurrencyOfProcess());
        new SourceBeans(beans).names().forEach(name -> builder.sources(beans.getBean(name)));
        sourceSpecs.orderedStream().forEach(builder::source);
        rootSourceSpecs.orderedStream().forEach(builder::rootSource);
        keySourceSpecs.orderedStream().forEach(builder::keySource);
        viewSpecs.orderedStream().forEach(builder::view);
        properties.sources().forEach((source, own) -> {
            Integer concurrency = own.concurrency();
            builder.concurrency(source, concurrency == null ? properties.concurrency() : concurrency);
        });
        policies.orderedStream().forEach(builder::policies);
        scope.ifAvailable(builder::scope);
        caches.ifUnique(builder::caches);
        listeners.orderedStream().forEach(builder::pageListener);
        return builder.build();
    }

    /** Where Resilience4j is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry",
                "io.github.resilience4j.retry.RetryRegistry",
                "io.github.resilience4j.ratelimiter.RateLimiterRegistry",
                "io.github.resilience4j.bulkhead.BulkheadRegistry",
                "io.github.resilience4j.timelimiter.TimeLimiterRegistry"
            })
    static final class ResilienceConfiguration {

        @Bean
        @ConditionalOnMissingBean
        Resilience4jPolicies resilience4jPolicies(BeanFactory beans, CompositionProperties properties) {
            return Resilience4jPolicies.of(beans, source -> {
                CompositionProperties.OfSource own = properties.sources().get(source);
                return own == null ? Resilience4jPolicies.DEFAULT_RETRY_SHARE : own.retryShare();
            });
        }
    }
}
