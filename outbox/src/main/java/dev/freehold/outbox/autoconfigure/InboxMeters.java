package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxStatus;
import dev.freehold.outbox.kafka.KafkaInbox;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Meters of the inbox's groups. They are bound when all beans are there, since their listeners are beans. */
final class InboxMeters implements SmartInitializingSingleton {

    private static final String MESSAGES = "freehold.inbox.messages";

    private final KafkaInbox inbox;
    private final ObjectProvider<MeterRegistry> registries;

    InboxMeters(KafkaInbox inbox, ObjectProvider<MeterRegistry> registries) {
        this.inbox = inbox;
        this.registries = registries;
    }

    @Override
    public void afterSingletonsInstantiated() {
        registries.ifAvailable(registry -> inbox.consumers().forEach(consumer -> bind(consumer, registry)));
    }

    private static void bind(InboxConsumer consumer, MeterRegistry registry) {
        count(consumer, registry, "handled", InboxStatus::handled);
        count(consumer, registry, "duplicate", InboxStatus::duplicates);
        count(consumer, registry, "outdated", InboxStatus::outdated);
        count(consumer, registry, "parked", InboxStatus::parked);
        RefreshedValue<Integer> parkedKeys = new RefreshedValue<>(
                "inbox-parked-" + consumer.group(), () -> consumer.parkedKeys().size());
        Gauge.builder("freehold.inbox.parked.keys", parkedKeys, InboxMeters::number)
                .strongReference(true)
                .description("Keys of the group that are parked; the same from every instance")
                .tag("group", consumer.group())
                .register(registry);
    }

    private static double number(RefreshedValue<Integer> value) {
        Integer present = value.get();
        return present == null ? Double.NaN : present;
    }

    private static void count(
            InboxConsumer consumer, MeterRegistry registry, String outcome, ToLongFunction<InboxStatus> counter) {
        FunctionCounter.builder(MESSAGES, consumer, it -> counter.applyAsLong(it.status()))
                .description("Messages by what became of them")
                .baseUnit("messages")
                .tag("group", consumer.group())
                .tag("outcome", outcome)
                .register(registry);
    }
}
