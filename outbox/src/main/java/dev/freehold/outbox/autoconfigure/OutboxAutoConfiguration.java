package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.PayloadCodec;
import dev.freehold.outbox.PublishedStates;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import io.micrometer.tracing.Tracer;
import jakarta.persistence.EntityManagerFactory;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.orm.jpa.JpaTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Sets up an {@link Outbox} on the service's database and a relay to Kafka. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration"
        })
@ConditionalOnProperty(name = "freehold.outbox.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutboxProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class OutboxAutoConfiguration {

    @Bean
    @ConditionalOnBean(DataSource.class)
    @ConditionalOnMissingBean(name = "outboxSchemaInitializer")
    DataSourceScriptDatabaseInitializer outboxSchemaInitializer(
            ObjectProvider<DataSource> dataSources, OutboxProperties properties) {
        return OutboxSchema.initializer(ServiceDatabase.of(dataSources), properties.initializeSchema());
    }

    @Bean
    @Lazy(false) // or it would be created inside the first transaction that publishes, too late for it
    @ConditionalOnMissingBean
    @DependsOnDatabaseInitialization
    Outbox outbox(
            ObjectProvider<DataSource> dataSources,
            ListableBeanFactory beans,
            ObjectProvider<JsonMapper> json,
            ObjectProvider<OutboxRelay> relay,
            ObjectProvider<PayloadCodec> codec,
            ObjectProvider<Traceparent> traceparent,
            OutboxProperties properties) {
        DataSource dataSource = ServiceDatabase.of(dataSources);
        Outbox.Builder builder = Outbox.builder()
                .dataSource(dataSource)
                .events(AnnotatedClasses.with(OutboxEvent.class, beans))
                .retention(properties.retention())
                .maxPayloadBytes(properties.maxPayloadBytes());
        ServiceDatabase.managersOf(dataSource, beans).forEach(builder::transactionManager);
        json.ifUnique(builder::jsonMapper);
        codec.ifAvailable(builder::payloadCodec);
        relay.ifAvailable(present -> builder.afterCommit(present::wakeUp));
        traceparent.ifAvailable(builder::traceparent);
        return builder.build();
    }

    @Bean
    @ConditionalOnBean(Outbox.class)
    OutboxEventBridge outboxEventBridge(Outbox outbox) {
        return new OutboxEventBridge(outbox);
    }

    /** States of entities, where Hibernate is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SessionFactoryImplementor.class, JpaTransactionManager.class})
    static final class StatesConfiguration {

        @Bean
        @Lazy(false) // or changes before its creation would not be seen
        @ConditionalOnMissingBean
        @ConditionalOnBean(EntityManagerFactory.class)
        @Nullable
        PublishedStates publishedStates(
                ObjectProvider<DataSource> dataSources, Outbox outbox, ConfigurableListableBeanFactory beans) {
            return HibernateEntities.publishedStates(ServiceDatabase.of(dataSources), outbox, beans);
        }
    }

    /** The way out; left out where other instances publish. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "freehold.outbox.relay.enabled", matchIfMissing = true)
    static final class RelayConfiguration {

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean
        OutboxRelay outboxRelay(
                ObjectProvider<DataSource> dataSources,
                ObjectProvider<OutboxTransport> transports,
                OutboxHandlers handlers,
                OutboxProperties properties,
                Environment environment) {
            OutboxTransport transport = handlers.before(transports.getIfAvailable());
            if (transport == null) {
                throw new OutboxException(
                        "The outbox has nothing to publish to.",
                        "Add spring-boot-starter-kafka, a bean of type OutboxTransport, or @OutboxHandler methods;"
                                + " or set freehold.outbox.relay.enabled=false if another instance publishes.");
            }
            return OutboxRelay.builder()
                    .name(environment.getProperty("spring.application.name", "application"))
                    .dataSource(ServiceDatabase.of(dataSources))
                    .transport(transport)
                    .settings(properties.relay().settings(properties.shards(), properties.retention()))
                    .build();
        }

        @Bean
        OutboxHandlers outboxHandlers(ConfigurableListableBeanFactory beans, ObjectProvider<Inbox> inbox) {
            return new OutboxHandlers(beans, inbox);
        }

        @Bean
        OutboxRelayLifecycle outboxRelayLifecycle(OutboxRelay relay) {
            return new OutboxRelayLifecycle(relay);
        }
    }

    /** Kafka as the transport. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ProducerFactory.class)
    @ConditionalOnProperty(name = "freehold.outbox.relay.enabled", matchIfMissing = true)
    static final class KafkaConfiguration {

        @Bean(destroyMethod = "") // the relay closes it
        @ConditionalOnMissingBean
        @ConditionalOnBean(ProducerFactory.class)
        OutboxTransport kafkaOutboxTransport(
                ObjectProvider<ProducerFactory<?, ?>> factories, OutboxProperties properties, Environment environment) {
            return new KafkaOutboxTransport(
                    KafkaClients.producerProperties(factories), source(properties, environment), properties.delivery());
        }

        private static String source(OutboxProperties properties, Environment environment) {
            return properties.source().isBlank()
                    ? "/" + environment.getProperty("spring.application.name", "application")
                    : properties.source();
        }
    }

    /** Traces go on in the consumers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Tracer.class)
    static final class TracingConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(Tracer.class)
        Traceparent traceparent(Tracer tracer) {
            return new Traceparent() {
                @Override
                public @Nullable String get() {
                    return Traceparents.current(tracer);
                }
            };
        }
    }

    /** Tells the W3C trace context of the thread. */
    interface Traceparent extends Supplier<@Nullable String> {}
}
