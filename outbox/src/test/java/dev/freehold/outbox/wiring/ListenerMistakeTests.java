package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxListener;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A listener that could never be called as it should is refused before the first message is read. */
class ListenerMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Inbox inbox;

    @BeforeAll
    static void start() {
        inbox = Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(new DataSourceTransactionManager(database.dataSource()))
                .build();
    }

    private static void refuses(Object listener, String... fix) {
        assertThat(Refusal.of(() -> inbox.consumers("", List.of(listener)), fix).description())
                .contains(listener.getClass().getName() + ".on");
    }

    @Test
    void refusesAPrivateMethod() {
        refuses(new PrivateMethod(), "instance method that others may call");
    }

    @Test
    void refusesAStaticMethod() {
        refuses(new StaticMethod(), "instance method that others may call");
    }

    @Test
    void refusesAMethodThatReturnsAValue() {
        refuses(new Returning(), "return nothing", "Outbox.publish");
    }

    @Test
    void refusesAVersionThatIsNoNumberOfTheEvent() {
        refuses(new ByAName(), "type long or int", "@Version");
    }

    @Test
    void refusesAnOptionalOfNothingKnown() {
        refuses(new OptionalOfAnything(), "Optional<CustomerState>");
    }

    @Test
    void refusesAMethodWithoutParameters() {
        refuses(new WithoutParameters(), "the event and, if it likes, an EventContext");
    }

    @Test
    void refusesASecondParameterOfAnotherType() {
        refuses(new WrongSecondParameter(), "EventContext context");
    }

    @Test
    void refusesAThirdParameter() {
        refuses(new ThreeParameters(), "EventContext context");
    }

    @Test
    void refusesAMethodWithoutTopic() {
        refuses(new WithoutTopic(), "Name the topic");
    }

    @Test
    void refusesAListOfTopics() {
        refuses(new TwoTopics(), "for another, write another method");
    }

    @Test
    void refusesAFinalMethodBehindAProxy() {
        ProxyFactory proxies = new ProxyFactory(new FinalMethod());
        proxies.setProxyTargetClass(true);

        assertThat(Refusal.of(() -> inbox.consumers("", List.of(proxies.getProxy())), "Take final off")
                        .description())
                .contains(FinalMethod.class.getName() + ".on");
    }

    @Test
    void acceptsAFinalMethodWithoutProxy() {
        assertThat(inbox.consumers("", List.of(new FinalMethod()))).hasSize(1);
    }

    @Test
    void refusesAMethodThatDoesNotTellItsType() {
        refuses(new WithoutType(), "@InboxListener(topic = \"orders\", type =", "@OutboxEvent");
    }

    @Test
    void refusesAMethodWithoutGroup() {
        refuses(new WithoutGroup(), "group = \"billing\"", "spring.application.name");
    }

    @Test
    void refusesAGroupNameThatIsTooLong() {
        Refusal.of(() -> inbox.consumers("g".repeat(256), List.of(new WithoutGroup())), "1 to 255 characters");
    }

    @Test
    void refusesTheGroupOfHandlers() {
        Refusal.of(() -> inbox.consumers("outbox-handler", List.of(new WithoutGroup())), "@OutboxHandler");
    }

    @Test
    void refusesTwoListenersOfAGroupForOneType() {
        Refusal.of(() -> inbox.consumers("", List.of(new Billing(), new Dunning())), "a group of its own");
        Refusal.of(() -> inbox.consumers("", List.of(new Billing(), new Billing())), "a group of its own");
    }

    @Test
    void acceptsListenersOfTwoGroupsForOneType() {
        assertThat(inbox.consumers("shipping", List.of(new Billing(), new WithoutGroup())))
                .extracting(InboxConsumer::group)
                .containsExactly("billing", "shipping");
    }

    @Test
    void findsTheListenersOfAProxiedBean() {
        ProxyFactory proxies = new ProxyFactory(new Billing());
        proxies.setProxyTargetClass(true);

        assertThat(inbox.consumers("", List.of(proxies.getProxy())))
                .extracting(InboxConsumer::group)
                .containsExactly("billing");
    }

    static class PrivateMethod {
        @SuppressWarnings("UnusedMethod")
        @InboxListener(topic = "orders", group = "billing")
        private void on(OrderPlaced event) {}
    }

    static class StaticMethod {
        @InboxListener(topic = "orders", group = "billing")
        static void on(OrderPlaced event) {}
    }

    static class Returning {
        @InboxListener(topic = "orders", group = "billing")
        String on(OrderPlaced event) {
            return event.orderId();
        }
    }

    static class WithoutParameters {
        @InboxListener(topic = "orders", group = "billing", type = "orders.order-placed")
        void on() {}
    }

    static class WrongSecondParameter {
        @InboxListener(topic = "orders", group = "billing")
        void on(OrderPlaced event, String key) {}
    }

    static class ThreeParameters {
        @InboxListener(topic = "orders", group = "billing")
        void on(OrderPlaced event, EventContext context, String key) {}
    }

    static class WithoutTopic {
        @InboxListener(topic = " ", group = "billing")
        void on(OrderPlaced event) {}
    }

    static class TwoTopics {
        @InboxListener(topic = "orders, payments", group = "billing")
        void on(OrderPlaced event) {}
    }

    static class FinalMethod {
        @InboxListener(topic = "orders", group = "billing")
        public final void on(OrderPlaced event) {}
    }

    static class WithoutType {
        @InboxListener(topic = "orders", group = "billing")
        void on(OrderCopy event) {}
    }

    static class WithoutGroup {
        @InboxListener(topic = "orders")
        void on(OrderPlaced event) {}
    }

    static class Billing {
        @InboxListener(topic = "orders", group = "billing")
        void on(OrderPlaced event) {}
    }

    static class Dunning {
        @InboxListener(topic = "orders", group = "billing", type = "orders.order-placed")
        void remind(OrderCopy event) {}
    }

    record OrderCopy(String orderId) {}

    static class ByAName {
        @InboxListener(topic = "orders", group = "g", type = "orders.placed", newestBy = "name")
        void on(Named event) {}
    }

    record Named(String name) {}

    static class OptionalOfAnything {
        @InboxListener(topic = "orders", group = "g", type = "orders.placed")
        void on(java.util.Optional<?> event) {}
    }
}
