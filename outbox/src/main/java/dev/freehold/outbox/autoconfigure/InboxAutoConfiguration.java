package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxException;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.Upcaster;
import dev.freehold.outbox.PayloadCodec;
import dev.freehold.outbox.kafka.KafkaInbox;
import dev.freehold.outbox.kafka.KafkaMessageIds;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/** Sets up an {@link Inbox} on the service's database, and Kafka consumers for its listeners. */
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnProperty(name = "freehold.outbox.enabled", matchIfMissing = true)
@EnableConfigurationProperties(InboxProperties.class)
public final class InboxAutoConfiguration {

    private static final String KAFKA_RECORD = "org.apache.kafka.clients.consumer.ConsumerRecord";

    @Bean
    @ConditionalOnMissingBean
    @DependsOnDatabaseInitialization
    Inbox inbox(
            ObjectProvider<DataSource> dataSources,
            ObjectProvider<PlatformTransactionManager> primary,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<JsonMapper> json,
            ObjectProvider<PayloadCodec> codec,
            ObjectProvider<Upcaster> upcasters,
            ObjectProvider<ObservationRegistry> observations,
            InboxProperties properties,
            Environment environment) {
        DataSource dataSource = ServiceDatabase.of(dataSources);
        Inbox.Builder builder = Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager(ServiceDatabase.managersOf(dataSource, beans), primary))
                .placeholders(text -> Objects.requireNonNullElse(beans.resolveEmbeddedValue(text), ""))
                .upcasters(upcasters.orderedStream().toList())
                .listeners(defaultGroup(environment), () -> AnnotatedBeans.with(InboxListener.class, beans))
                .settings(properties.settings());
        json.ifUnique(builder::jsonMapper);
        codec.ifAvailable(builder::payloadCodec);
        observations.ifUnique(builder::observations);
        if (ClassUtils.isPresent(KAFKA_RECORD, InboxAutoConfiguration.class.getClassLoader())) {
            builder.messageIds(KafkaMessageIds::of);
        }
        return builder.build();
    }

    @Bean
    static IdempotentBeans idempotentBeans(ObjectProvider<Inbox> inbox) {
        return new IdempotentBeans(inbox);
    }

    @Bean
    InboxListenerCheck inboxListenerCheck(ConfigurableListableBeanFactory beans) {
        return new InboxListenerCheck(beans);
    }

    private static String defaultGroup(Environment environment) {
        String name = environment.getProperty("spring.application.name", "");
        return environment.getProperty("spring.kafka.consumer.group-id", name);
    }

    private static PlatformTransactionManager manager(
            List<PlatformTransactionManager> managers, ObjectProvider<PlatformTransactionManager> primary) {
        PlatformTransactionManager chosen = primary.getIfUnique();
        if (chosen != null && managers.contains(chosen)) {
            return chosen;
        }
        if (managers.size() > 1) {
            throw new InboxException(
                    "Several transaction managers work on the inbox's DataSource, and none is primary.",
                    "Mark the one that the handlers' own work uses as @Primary.");
        }
        return managers.get(0);
    }

    /** Kafka as the source of messages. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConsumerFactory.class)
    static final class KafkaConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(ConsumerFactory.class)
        KafkaInbox kafkaInbox(
                Inbox inbox,
                ConfigurableListableBeanFactory beans,
                ObjectProvider<ConsumerFactory<?, ?>> factories,
                InboxProperties properties,
                Environment environment) {
            return new KafkaInbox(
                    () -> KafkaClients.consumerProperties(factories),
                    () -> inbox.consumers(defaultGroup(environment), AnnotatedBeans.with(InboxListener.class, beans)),
                    properties.concurrency());
        }
    }
}
