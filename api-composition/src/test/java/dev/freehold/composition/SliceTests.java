package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists of which the first rows are shown. */
@Timeout(60)
class SliceTests {

    record Order(long id, List<Long> tags) {}

    record Event(long id, long orderId, long place) {}

    record Place(long id) {}

    record EventId(long id) {}

    /** Order 1 has one event, order 2 has three, order 3 has 1,000. */
    static class Sources {

        final List<Integer> limits = new ArrayList<>();
        final List<Set<Long>> places = new ArrayList<>();

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(
                    new Order(1, List.of(1L)),
                    new Order(2, List.of(1L, 2L)),
                    new Order(3, List.of(3L, 2L)),
                    new Order(4, List.of()));
        }

        @Source(name = "events", groupBy = "orderId")
        synchronized List<Event> events(Set<Long> orders, int limit) {
            limits.add(limit);
            return orders.stream()
                    .flatMap(order -> of(order).stream().limit(limit))
                    .toList();
        }

        @Source(name = "all")
        Map<Long, List<Event>> all(Set<Long> orders) {
            return orders.stream().collect(Collectors.toMap(order -> order, Sources::of));
        }

        @Source(name = "places", id = "id")
        synchronized List<Place> places(Set<Long> ids) {
            places.add(ids);
            return ids.stream().map(Place::new).toList();
        }

        private static List<Event> of(long order) {
            int events = order == 1 ? 1 : order == 2 ? 3 : order == 3 ? 1_000 : 0;
            return IntStream.range(0, events)
                    .mapToObj(i -> new Event(order * 10_000 + i, order, i))
                    .toList();
        }
    }

    private final Sources sources = new Sources();

    private <R> List<R> rows(Class<R> view) {
        try (Compositions compositions =
                Compositions.builder().sources(sources).views(view).build()) {
            return compositions.view(view).page(null, Keyset.start(), 10).rows();
        }
    }

    @ComposedView(root = "orders", budget = "20s")
    record Shown(
            @Root Order order,

            @Many(source = "events", key = "order.id", limit = 3)
            Part<Slice<Event>> events,

            @Many(source = "events", key = "order.id", limit = 2)
            Slice<EventId> ids,

            @Many(source = "places", via = "ids", key = "place")
            List<Place> places) {}

    @Test
    void saysThatThereAreMore() {
        List<Shown> rows = rows(Shown.class);

        assertThat(rows)
                .extracting(row -> row.events().optional().orElseThrow())
                .containsExactly(
                        new Slice<>(Sources.of(1), false),
                        new Slice<>(Sources.of(2), false),
                        new Slice<>(Sources.of(3).subList(0, 3), true),
                        new Slice<>(List.of(), false));
        assertThat(rows)
                .extracting(Shown::ids)
                .containsExactly(
                        new Slice<>(List.of(new EventId(10_000)), false),
                        new Slice<>(List.of(new EventId(20_000), new EventId(20_001)), true),
                        new Slice<>(List.of(new EventId(30_000), new EventId(30_001)), true),
                        new Slice<>(List.of(), false));
    }

    @Test
    void asksForOneMoreThanAnyComponentShows() {
        rows(Shown.class);

        assertThat(sources.limits).containsExactly(4);
    }

    /** Of what is not shown nothing is asked. */
    @Test
    void givesKeysOfWhatIsShownOnly() {
        List<Shown> rows = rows(Shown.class);

        assertThat(sources.places).containsExactly(Set.of(0L, 1L));
        assertThat(rows).extracting(row -> row.places().size()).containsExactly(1, 2, 2, 0);
    }

    @ComposedView(root = "orders", budget = "20s")
    record Mixed(
            @Root Order order,

            @Many(source = "events", key = "order.id", limit = 3)
            Part<Slice<Event>> first,

            @Many(source = "events", key = "order.id") Part<List<Event>> all) {}

    @Test
    void asksForAllIfAnyComponentShowsAll() {
        List<Mixed> rows = rows(Mixed.class);

        assertThat(sources.limits).containsExactly(Integer.MAX_VALUE);
        assertThat(rows.get(2).first().optional().orElseThrow().rows()).hasSize(3);
        assertThat(rows.get(2).all().optional().orElseThrow()).hasSize(1_000);
    }

    @ComposedView(root = "orders", budget = "20s")
    record ManyKeys(
            @Root Order order,

            @Many(source = "all", via = "order.tags", limit = 3)
            Part<Slice<Event>> events) {}

    /** Of a source that is not told, and of several keys together. */
    @Test
    void cutsOffWhatSeveralKeysHave() {
        assertThat(rows(ManyKeys.class))
                .extracting(row -> row.events().optional().orElseThrow())
                .containsExactly(
                        new Slice<>(Sources.of(1), false),
                        new Slice<>(
                                List.of(
                                        Sources.of(1).get(0),
                                        Sources.of(2).get(0),
                                        Sources.of(2).get(1)),
                                true),
                        new Slice<>(Sources.of(3).subList(0, 3), true),
                        new Slice<>(List.of(), false));
    }
}
