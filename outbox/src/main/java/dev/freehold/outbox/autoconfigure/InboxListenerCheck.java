package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxException;
import dev.freehold.inbox.InboxListener;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Refuses to start with listeners that nothing would ever call. */
record InboxListenerCheck(ConfigurableListableBeanFactory beans) implements SmartInitializingSingleton {

    /** By name: the class cannot be loaded where Kafka is missing. */
    private static final String KAFKA_INBOX = "dev.freehold.outbox.kafka.KafkaInbox";

    @Override
    public void afterSingletonsInstantiated() {
        List<String> listeners = AnnotatedBeans.names(InboxListener.class, beans);
        if (!listeners.isEmpty() && !hasSource()) {
            throw new InboxException(
                    "Nothing brings messages to the @InboxListener methods of %s.".formatted(listeners),
                    "Add spring-boot-starter-kafka, or define a KafkaInbox bean.");
        }
    }

    private boolean hasSource() {
        return Arrays.stream(beans.getBeanNamesForType(Object.class, false, false))
                .map(beans::getType)
                .anyMatch(type -> type != null && type.getName().equals(KAFKA_INBOX));
    }
}
