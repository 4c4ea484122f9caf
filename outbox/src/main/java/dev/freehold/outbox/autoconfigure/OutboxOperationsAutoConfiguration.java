package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.ParkedEvents;
import dev.freehold.outbox.PublishedStates;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operates and watches the outbox, as far as Actuator and Micrometer are there. */
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnBean(Outbox.class)
public final class OutboxOperationsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(DataSource.class)
    ParkedEvents parkedEvents(ObjectProvider<DataSource> dataSources) {
        return ParkedEvents.of(ServiceDatabase.of(dataSources));
    }

    /** {@code /actuator/outbox}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static final class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(DataSource.class)
        @ConditionalOnAvailableEndpoint
        OutboxEndpoint outboxEndpoint(
                ObjectProvider<OutboxRelay> relay, ParkedEvents parked, ObjectProvider<PublishedStates> states) {
            return new OutboxEndpoint(relay.getIfAvailable(), parked, states.getIfUnique());
        }
    }

    /** {@code outbox} in {@code /actuator/health}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static final class HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "outboxHealthIndicator")
        @ConditionalOnBean(OutboxRelay.class)
        OutboxHealth outboxHealthIndicator(OutboxRelay relay) {
            return new OutboxHealth(relay);
        }
    }

    /** Meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static final class MetersConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(OutboxRelay.class)
        OutboxMeters outboxMeters(OutboxRelay relay) {
            return new OutboxMeters(relay);
        }
    }
}
