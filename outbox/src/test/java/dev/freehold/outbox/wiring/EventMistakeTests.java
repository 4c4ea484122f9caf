package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is published is not an event, or its class is declared wrongly. */
class EventMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    /** Publishes beside a business row and a good event, and rolls back with them; at the call, not at the commit. */
    private static void refuses(@Nullable Object event, String... fix) {
        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.placeAndPublish("1");
                    publish(service.outbox(), event);
                    throw new AssertionError("it was accepted");
                }),
                fix);
        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @SuppressWarnings("NullAway") // null is one of the mistakes
    private static void publish(Outbox outbox, @Nullable Object event) {
        outbox.publish(event);
    }

    @Test
    void refusesNull() {
        refuses(null, "instance of an @OutboxEvent class");
    }

    @Test
    void refusesAClassWithoutAnnotation() {
        refuses("an order was placed", "@OutboxEvent(type");
        refuses(Map.of("orderId", "1"), "@OutboxEvent(type");
        refuses(Optional.of(new OrderPlaced("1")), "@OutboxEvent(type");
    }

    @Test
    void refusesTheClassInsteadOfAnInstance() {
        refuses(OrderPlaced.class, "publish its instances");
    }

    @Test
    void refusesASubclassOfAnEventClass() {
        refuses(new Shipped("1") {}, "@OutboxEvent(type");
    }

    @Test
    void refusesCollectionsAndArrays() {
        refuses(List.of(new OrderPlaced("1"), new OrderPlaced("2")), "one by one");
        refuses(new OrderPlaced[] {new OrderPlaced("1")}, "one by one");
        refuses(new int[] {1}, "one by one");
    }

    @Test
    void commitsWithoutTheEventWhenTheRefusalIsCaught() {
        service.inTransaction(() -> {
            service.placeAndPublish("1");
            Refusal.of(() -> service.outbox().publish("no event"), "@OutboxEvent");
        });

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("1");
    }

    @Test
    void refusesABlankOrIllegalType() {
        refuses(new BlankType("1"), "orders.order-placed", "1 to 255");
        refuses(new IllegalType("1"), "letters, digits, dots, underscores and hyphens");
    }

    @Test
    void refusesATypeThatIsTooLong() {
        refuses(new LongType("1"), "1 to 255");
    }

    @Test
    void refusesTheClassNameAsType() {
        refuses(new ClassNameAsType("1"), "logical name", "renaming the class");
    }

    @Test
    void refusesAVersionBelowOne() {
        refuses(new VersionZero("1"), "at least 1");
        refuses(new NegativeVersion("1"), "at least 1");
    }

    @Test
    void refusesABlankOrIllegalTopic() {
        refuses(new BlankTopic("1"), "Kafka topic", "1 to 249");
        refuses(new IllegalTopic("1"), "letters, digits, dots, underscores and hyphens");
        refuses(new DotsAsTopic("1"), "Kafka topic");
    }

    @Test
    void refusesATopicThatIsTooLong() {
        refuses(new LongTopic("1"), "1 to 249");
    }

    @Test
    void refusesAnAbstractClassOrInterfaceAtStart() {
        Refusal.of(() -> Outbox.builder().events(AbstractEvent.class), "concrete classes");
        Refusal.of(() -> Outbox.builder().events(EventInterface.class), "concrete classes");
    }

    @Test
    void refusesAnInnerClass() {
        refuses(new InnerEvent("1"), "record or a static class");
    }

    @Test
    void refusesTwoClassesOfOneTypeAndVersion() {
        service.inTransaction(() -> service.outbox().publish(new Shipped("1")));
        database.empty();

        refuses(new AlsoShipped("1"), "another type", "next version");
        service.inTransaction(() -> service.outbox().publish(new ShippedInVersionTwo("2")));

        assertThat(database.events()).containsExactly("2");
    }

    @Test
    void refusesTwoClassesOfOneTypeAndVersionAtStart() {
        Refusal.of(() -> Outbox.builder().events(Shipped.class, AlsoShipped.class), "another type", "next version");
    }

    private static final String LONG = "0123456789012345678901234567890123456789012345678901234567890123";

    @OutboxEvent(type = "orders.shipped", topic = "orders")
    static class Shipped {
        @EventKey
        public final String orderId;

        Shipped(String orderId) {
            this.orderId = orderId;
        }
    }

    @OutboxEvent(type = "orders.shipped", topic = "orders")
    record AlsoShipped(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.shipped", version = 2, topic = "orders")
    record ShippedInVersionTwo(@EventKey String orderId) {}

    @OutboxEvent(type = " ", topic = "orders")
    record BlankType(@EventKey String orderId) {}

    @OutboxEvent(type = "orders/order placed", topic = "orders")
    record IllegalType(@EventKey String orderId) {}

    @OutboxEvent(type = LONG + LONG + LONG + LONG, topic = "orders")
    record LongType(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", version = 0, topic = "orders")
    record VersionZero(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", version = -1, topic = "orders")
    record NegativeVersion(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", topic = "")
    record BlankTopic(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", topic = "orders,payments")
    record IllegalTopic(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", topic = "..")
    record DotsAsTopic(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.order-placed", topic = LONG + LONG + LONG + LONG)
    record LongTopic(@EventKey String orderId) {}

    @OutboxEvent(type = "orders.abstract", topic = "orders")
    abstract static class AbstractEvent {
        @EventKey
        abstract String orderId();
    }

    @OutboxEvent(type = "orders.interface", topic = "orders")
    interface EventInterface {
        @EventKey
        String orderId();
    }

    @SuppressWarnings("ClassCanBeStatic") // it is the mistake
    @OutboxEvent(type = "orders.inner", topic = "orders")
    class InnerEvent {
        @EventKey
        public final String orderId;

        InnerEvent(String orderId) {
            this.orderId = orderId;
        }
    }
}
