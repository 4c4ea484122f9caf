package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.http.ApacheRequests;
import dev.freehold.composition.http.BudgetHeader;
import dev.freehold.composition.http.ConsistencyHeader;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the clients that Spring Boot builds heed a page's budget and token, and pages those of the request that asks for them. */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration",
            "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration"
        })
@ConditionalOnProperty(name = "freehold.composition.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CompositionProperties.class)
public final class CompositionHttpAutoConfiguration {

    /** Where Apache's client is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HttpClientBuilder.class, HttpComponentsClientHttpRequestFactoryBuilder.class})
    static final class ApacheConfiguration {

        @Bean
        ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder>
                compositionApacheRequests() {
            return builder -> builder.withHttpClientCustomizer(ApacheRequests::customize);
        }
    }

    /** Where RestClient is built. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RestClient.class, RestClientCustomizer.class})
    static final class RestClientConfiguration {

        @Bean
        RestClientCustomizer compositionBudgetHeader(CompositionProperties properties) {
            return properties.budgetHeader().isEmpty()
                    ? builder -> {}
                    : builder -> builder.requestInterceptor(new BudgetHeader(properties.budgetHeader()));
        }

        @Bean
        RestClientCustomizer compositionConsistencyHeader(CompositionProperties properties) {
            return properties.consistencyHeader().isEmpty()
                    ? builder -> {}
                    : builder -> builder.requestInterceptor(new ConsistencyHeader(properties.consistencyHeader()));
        }
    }

    /** Where requests come in. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(OncePerRequestFilter.class)
    static final class ServletConfiguration {

        @Bean
        BudgetFilter compositionBudgetFilter(CompositionProperties properties) {
            return new BudgetFilter(properties.budgetHeader());
        }

        @Bean
        ConsistencyFilter compositionConsistencyFilter(CompositionProperties properties) {
            return new ConsistencyFilter(properties.consistencyHeader());
        }
    }
}
