package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets clients of a web application read what they wrote, here or in another service. */
@AutoConfiguration(after = InboxAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Filter.class, OncePerRequestFilter.class})
@ConditionalOnBean(Inbox.class)
@EnableConfigurationProperties({OutboxProperties.class, InboxProperties.class})
public final class ConsistencyAutoConfiguration {

    /** It keeps a thread waiting, so it comes behind everybody who turns requests away, such as Spring Security (at -100). */
    private static final int LAST = Ordered.LOWEST_PRECEDENCE;

    @Bean
    @ConditionalOnMissingBean(name = "consistencyFilter")
    FilterRegistrationBean<ConsistencyFilter> consistencyFilter(
            OutboxProperties outbox,
            InboxProperties properties,
            ObjectProvider<Inbox> inbox, // asked for at the first request: filters are made before most other beans
            ConsistencyCounters counters) {
        FilterRegistrationBean<ConsistencyFilter> registration = new FilterRegistrationBean<>(
                new ConsistencyFilter(outbox.consistencyHeader(), properties.consistencyWait(), inbox, counters));
        registration.setOrder(LAST);
        registration.setEnabled(!outbox.consistencyHeader().isEmpty());
        return registration;
    }

    @Bean
    ConsistencyCounters consistencyCounters() {
        return new ConsistencyCounters();
    }

    /** Meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static final class MetersConfiguration {

        @Bean
        @ConditionalOnMissingBean
        ConsistencyMeters consistencyMeters(ConsistencyCounters counters, ObjectProvider<MeterRegistry> registries) {
            return new ConsistencyMeters(counters, registries);
        }
    }
}
