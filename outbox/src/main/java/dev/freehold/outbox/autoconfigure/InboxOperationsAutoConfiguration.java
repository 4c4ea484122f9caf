package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.kafka.KafkaInbox;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

/** What operates and watches the inbox, as far as Actuator and Micrometer are there. */
@AutoConfiguration(after = InboxAutoConfiguration.class)
@ConditionalOnClass(ConsumerFactory.class)
@ConditionalOnBean(KafkaInbox.class)
public final class InboxOperationsAutoConfiguration {

    /** {@code /actuator/inbox}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static final class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        InboxEndpoint inboxEndpoint(KafkaInbox inbox) {
            return new InboxEndpoint(inbox);
        }
    }

    /** Meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static final class MetersConfiguration {

        @Bean
        @ConditionalOnMissingBean
        InboxMeters inboxMeters(KafkaInbox inbox, ObjectProvider<MeterRegistry> registries) {
            return new InboxMeters(inbox, registries);
        }
    }
}
