package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.test.EventFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Old versions reach a listener as the one that it knows. */
class UpcasterTests {

    private static final String TYPE = "customers.moved";
    private static final Upcaster SPLIT = Upcaster.of(TYPE, 1, UpcasterTests::split);
    private static final Upcaster LAND = Upcaster.of(TYPE, 2, payload -> payload.put("land", "IT"));

    @OutboxEvent(type = TYPE, version = 3, topic = "customers")
    record Moved(@EventKey String customer, String street, String city, String land) {}

    static class Listener {
        final List<Object> got = new ArrayList<>();

        @InboxListener(topic = "customers")
        void on(Moved moved) {
            got.add(moved);
        }
    }

    record Anything(String customer, String land) {}

    static class Tolerant {
        final List<Object> got = new ArrayList<>();

        @InboxListener(topic = "customers", type = TYPE)
        void on(Anything moved) {
            got.add(moved);
        }
    }

    private static ObjectNode split(ObjectNode payload) {
        String[] address = payload.remove("address").asString().split(", ");
        return payload.put("street", address[0]).put("city", address[1]);
    }

    private static EventFlow flow(Upcaster... upcasters) {
        return EventFlow.create(JsonMapper.builder().build(), upcasters);
    }

    @Test
    void takesOldVersionsStepByStep() {
        Listener listener = new Listener();
        flow(SPLIT, LAND)
                .listeners(listener)
                .send("customers", TYPE, 1, "ann", Map.of("customer", "ann", "address", "Via Appia, Rome"))
                .send("customers", TYPE, 2, "ann", Map.of("customer", "ann", "street", "Corso", "city", "Rome"))
                .send("customers", TYPE, 3, "ann", new Moved("ann", "Karl Johans gate", "Oslo", "NO"))
                .deliver();
        assertThat(listener.got)
                .containsExactly(
                        new Moved("ann", "Via Appia", "Rome", "IT"),
                        new Moved("ann", "Corso", "Rome", "IT"),
                        new Moved("ann", "Karl Johans gate", "Oslo", "NO"));
    }

    @Test
    void readsNewerVersionsAsTheyAre() {
        Listener listener = new Listener();
        flow(SPLIT, LAND)
                .listeners(listener)
                .send("customers", TYPE, 4, "ann", Map.of("customer", "ann", "land", "NO", "planet", "earth"))
                .deliver();
        assertThat(listener.got).hasSize(1);
    }

    @Test
    void takesAListenerThatNamesNoVersionForTheNewest() {
        Tolerant listener = new Tolerant();
        flow(SPLIT, LAND)
                .listeners(listener)
                .send("customers", TYPE, 1, "ann", Map.of("customer", "ann", "address", "Via Appia, Rome"))
                .deliver();
        assertThat(listener.got).containsExactly(new Anything("ann", "IT"));
    }

    @Test
    void parksWhatNoStepLeadsFrom() {
        Listener listener = new Listener();
        EventFlow flow = flow(LAND).listeners(listener);
        flow.send("customers", TYPE, 1, "ann", Map.of("customer", "ann")).deliverAndPark();

        assertThat(listener.got).isEmpty();
        assertThat(flow.parked())
                .singleElement()
                .satisfies(parked -> assertThat(parked.cause()).contains("no Upcaster leads from 1 to 2"));
    }

    @Test
    void parksWhatAStepFailsFor() {
        EventFlow flow = flow(SPLIT, LAND).listeners(new Listener());
        flow.send("customers", TYPE, 1, "ann", Map.of("customer", "ann")).deliverAndPark();
        assertThat(flow.parked()).hasSize(1);
    }

    @Test
    void refusesStepsThatAreNotOne() {
        assertThatThrownBy(() -> flow(SPLIT, Upcaster.of(TYPE, 1, payload -> payload)))
                .isInstanceOf(InboxException.class)
                .hasMessageContaining("Two upcasters");
        assertThatThrownBy(() -> flow(Upcaster.of(TYPE, 0, payload -> payload)))
                .isInstanceOf(InboxException.class)
                .hasMessageContaining("first version is 1");
    }
}
