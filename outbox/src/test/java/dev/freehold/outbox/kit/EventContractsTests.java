package dev.freehold.outbox.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.Upcaster;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.PublishedState;
import dev.freehold.outbox.test.EventContracts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A change that consumers would stumble over fails the build, and says what to do; any other is recorded. */
class EventContractsTests {

    private static final String TYPE = "orders.placed";

    @TempDir
    Path directory;

    enum Channel {
        WEB,
        SHOP
    }

    record Line(String sku, int quantity) {}

    /** As it was recorded. */
    static class Before {
        @OutboxEvent(type = TYPE, topic = "orders")
        record Placed(
                @EventKey UUID order,
                BigDecimal total,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}
    }

    @Test
    void recordsWhatIsNewAndThenHoldsItToThat() throws IOException {
        assertThatThrownBy(() -> check(Before.Placed.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("orders.placed.v1 is new", "commit it");
        assertThat(directory.resolve("orders.placed.v1.json")).exists();
        check(Before.Placed.class);

        JsonNode recorded = new JsonMapper()
                .readTree(directory.resolve("orders.placed.v1.json").toFile());
        assertThat(recorded.at("/schema/properties/total/type").asString()).isEqualTo("number");
        assertThat(recorded.at("/schema/properties/channel/enum")).hasSize(2);
        assertThat(recorded.at("/schema/properties/lines/items/properties/quantity/type")
                        .asString())
                .isEqualTo("integer");
        assertThat(recorded.at("/schema/properties/discounts/additionalProperties/type")
                        .asString())
                .isEqualTo("integer");
        assertThat(recorded.at("/schema/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("order", "total", "channel", "lines", "discounts", "at");
    }

    private void check(Class<?>... events) {
        EventContracts.of(events).check(directory);
    }

    private void record(Class<?> event) {
        assertThatThrownBy(() -> check(event)).isInstanceOf(AssertionError.class);
        check(event);
    }

    private void refuses(Class<?> changed, String... reasons) {
        record(Before.Placed.class);
        assertThat(catchThrowable(() -> check(changed)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(reasons)
                .hasMessageContainingAll("raise the version to 2", "an Upcaster from 1");
        check(Before.Placed.class); // what is recorded was left alone
    }

    @Nested
    class Changes {

        @OutboxEvent(type = TYPE, topic = "orders")
        record WithoutTotal(
                @EventKey UUID order,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesAFieldThatIsGone() {
            refuses(WithoutTotal.class, "payload.total is gone");
        }

        @OutboxEvent(type = TYPE, topic = "orders")
        record Renamed(
                @EventKey UUID order,
                BigDecimal sum,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesAFieldOfAnotherName() {
            refuses(Renamed.class, "payload.total is gone", "payload.sum is new and required");
        }

        record OtherLine(String sku, String quantity) {}

        @OutboxEvent(type = TYPE, topic = "orders")
        record Retyped(
                @EventKey UUID order,
                String total,
                Channel channel,
                List<OtherLine> lines,
                Map<String, String> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesFieldsOfAnotherTypeHoweverDeep() {
            refuses(
                    Retyped.class,
                    "payload.total is string, and was number",
                    "payload.lines[].quantity is string, and was integer",
                    "payload.discounts.* is string, and was integer");
        }

        @OutboxEvent(type = TYPE, topic = "orders")
        record Required(
                @EventKey UUID order,
                BigDecimal total,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                String note,
                Optional<String> voucher) {}

        @Test
        void refusesAFieldThatIsRequiredNow() {
            refuses(Required.class, "payload.note is required now");
        }

        @OutboxEvent(type = TYPE, topic = "orders")
        record Missing(
                @EventKey UUID order,
                @Nullable BigDecimal total,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesAFieldThatMayBeNullNow() {
            refuses(Missing.class, "payload.total may be null now");
        }

        enum MoreChannels {
            WEB,
            SHOP,
            PHONE
        }

        @OutboxEvent(type = TYPE, topic = "orders")
        record MoreConstants(
                @EventKey UUID order,
                BigDecimal total,
                MoreChannels channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesConstantsThatConsumersDoNotKnow() {
            refuses(MoreConstants.class, "payload.channel may be [PHONE]");
        }

        @OutboxEvent(type = TYPE, topic = "placed-orders")
        record OtherTopic(
                @EventKey UUID order,
                BigDecimal total,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher) {}

        @Test
        void refusesAnotherTopic() {
            refuses(OtherTopic.class, "goes to topic 'placed-orders', and went to 'orders'");
        }

        @OutboxEvent(type = TYPE, topic = "orders")
        record Grown(
                @EventKey UUID order,
                BigDecimal total,
                Channel channel,
                List<Line> lines,
                Map<String, Integer> discounts,
                Instant at,
                @Nullable String note,
                Optional<String> voucher,
                @Nullable String referrer) {}

        @Test
        void recordsAnOptionalFieldThatIsNew() {
            record(Before.Placed.class);
            assertThatThrownBy(() -> check(Grown.class)).hasMessageContainingAll("has grown", "commit it");
            check(Grown.class);
            assertThatThrownBy(() -> check(Before.Placed.class)).hasMessageContaining("payload.referrer is gone");
        }
    }

    @Nested
    class Versions {

        @OutboxEvent(type = TYPE, version = 2, topic = "orders")
        record Placed(@EventKey UUID order, long cents, String currency) {}

        private final Upcaster step = Upcaster.of(TYPE, 1, payload -> {
            long cents =
                    payload.remove("total").decimalValue().movePointRight(2).longValueExact();
            return payload.put("cents", cents).put("currency", "EUR");
        });

        @Test
        void wantAnUpcasterFromEachRecordedOne() {
            record(Before.Placed.class);
            assertThatThrownBy(() -> check(Placed.class)).hasMessageContaining("orders.placed.v2 is new");
            assertThatThrownBy(() -> check(Placed.class))
                    .hasMessageContainingAll("no Upcaster leads from version 1 to 2", "delete its file");
            EventContracts.of(Placed.class).upcasters(step).check(directory);
        }

        @Test
        void refuseAnUpcasterThatLeavesSomethingOut() {
            record(Before.Placed.class);
            assertThatThrownBy(() -> check(Placed.class)).isInstanceOf(AssertionError.class);
            Upcaster forgetful = Upcaster.of(TYPE, 1, payload -> payload.put("cents", 1));
            assertThatThrownBy(() ->
                            EventContracts.of(Placed.class).upcasters(forgetful).check(directory))
                    .hasMessageContaining("without [currency]");
            Upcaster wrong =
                    Upcaster.of(TYPE, 1, payload -> payload.put("cents", "many").put("currency", "EUR"));
            assertThatThrownBy(() ->
                            EventContracts.of(Placed.class).upcasters(wrong).check(directory))
                    .hasMessageContaining("cannot be read from");
            Upcaster failing = Upcaster.of(TYPE, 1, payload -> {
                throw new IllegalStateException("no");
            });
            assertThatThrownBy(() ->
                            EventContracts.of(Placed.class).upcasters(failing).check(directory))
                    .hasMessageContaining("fails for");
        }

        @Test
        void mayNotDisappear() {
            record(Before.Placed.class);
            assertThatThrownBy(() -> check(Other.class)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> check(Other.class))
                    .hasMessageContainingAll("orders.placed.v1 is published no more", "delete its file");
        }

        @OutboxEvent(type = "orders.other", topic = "orders")
        record Other(@EventKey UUID order) {}
    }

    record State(long id, String name) {}

    @PublishedState(type = "customers.customer", topic = "customers", as = State.class)
    static class Entity {}

    static class Listener {
        @InboxListener(topic = "payments", type = "payments.made", group = "orders")
        void on(Optional<Line> line, EventContext context) {}

        @InboxListener(topic = "orders")
        void on(Before.Placed placed) {}
    }

    @Test
    void findsWhatAPackageDeclares() {
        assertThatThrownBy(() -> EventContracts.in("dev.freehold.outbox.state").check(directory))
                .hasMessageContainingAll("customers.customer.v1", "stock.level.v1");
        EventContracts.in("dev.freehold.outbox.state").check(directory);
        assertThatThrownBy(() -> EventContracts.in("dev.freehold.nothing"))
                .hasMessageContaining("no events, states or listeners");
    }

    @Test
    void describesTheServiceForOthers() {
        Path file = directory.resolve("docs/asyncapi.json");
        EventContracts.of(Before.Placed.class, Entity.class, Listener.class).writeAsyncApi(file, "Orders", "1.0.0");

        JsonNode document = new JsonMapper().readTree(file.toFile());
        assertThat(document.path("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(document.at("/operations/send.orders.placed.v1/action").asString())
                .isEqualTo("send");
        assertThat(document.at("/operations/send.customers.customer.v1/channel/$ref")
                        .asString())
                .isEqualTo("#/channels/customers");
        assertThat(document.at("/operations/receive.payments.made.on/bindings/kafka/groupId/enum/0")
                        .asString())
                .isEqualTo("orders");
        assertThat(document.at("/components/messages/customers.customer.v1/payload/properties/name/type")
                        .asString())
                .isEqualTo("string");
        document.path("operations").forEach(operation -> {
            String message = operation.at("/messages/0/$ref").asString().substring(1);
            String component = document.at(message).path("$ref").asString().substring(1);
            assertThat(document.at(component).path("payload").has("type"))
                    .as(message)
                    .isTrue();
        });
    }
}
