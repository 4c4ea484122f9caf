package dev.freehold.composition.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.InvalidDeclarationException;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Slice;
import dev.freehold.composition.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a source may return that answers bit by bit, without a service behind it. */
@Timeout(120)
class ReactiveSourceTests {

    record Order(long id) {}

    record Customer(long id) {}

    static class Orders {

        @RootSource(name = "orders", sort = "id")
        Mono<Slice<Order>> orders(Keyset at, int limit) {
            return Mono.just(new Slice<>(List.of(new Order(7)), false));
        }
    }

    static class Customers {

        @Source(name = "publisher", id = "id")
        Publisher<Customer> publisher(Set<Long> ids) {
            return Flux.fromIterable(ids).map(Customer::new);
        }

        @Source(name = "flow", id = "id")
        Flow.Publisher<Customer> flow(Set<Long> ids) {
            return JdkFlowAdapter.publisherToFlowPublisher(
                    Flux.fromIterable(ids).map(Customer::new));
        }

        @Source(name = "map")
        Mono<Map<Long, Customer>> map(Set<Long> ids) {
            return Flux.fromIterable(ids).map(Customer::new).collectMap(Customer::id);
        }

        @Source(name = "optional")
        Mono<Optional<Customer>> optional(long id) {
            return Mono.just(Optional.of(new Customer(id)));
        }

        @Source(name = "nothing", id = "id")
        Mono<List<Customer>> nothing(Set<Long> ids) {
            return Mono.empty();
        }

        @Source(name = "error", id = "id")
        Flux<Customer> error(Set<Long> ids) {
            return Flux.error(new IllegalStateException("a mistake"));
        }
    }

    @ComposedView(root = "orders", budget = "30s")
    record Row(
            @Root Order order,
            @One(source = "publisher", key = "order.id") Part<Customer> publisher,
            @One(source = "flow", key = "order.id") Part<Customer> flow,
            @One(source = "map", key = "order.id") Part<Customer> map,
            @One(source = "optional", key = "order.id") Part<Customer> optional,
            @One(source = "nothing", key = "order.id") Part<Customer> nothing,
            @One(source = "error", key = "order.id") Part<Customer> error) {}

    @Test
    void answersWithAnythingThatIsAPublisher() {
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), new Customers())
                .views(Row.class)
                .build()) {
            Row row = compositions
                    .view(Row.class)
                    .page(null, Keyset.start(), 5)
                    .rows()
                    .get(0);

            assertThat(List.of(row.publisher, row.flow, row.map, row.optional))
                    .allSatisfy(part -> assertThat(part.optional()).contains(new Customer(7)));
            assertThat(row.nothing).isEqualTo(new Part.Unavailable<>("nothing", Cause.UNREADABLE, null));
            assertThat(row.error).isEqualTo(new Part.Unavailable<>("error", Cause.ERROR, null));
        }
    }

    @ComposedView(root = "orders", budget = "2s")
    record LateRow(
            @Root Order order,
            @One(source = "late", key = "order.id") Part<Customer> customer) {}

    /** Keeps its subscriber waiting for the subscription. */
    static class Late {

        private final CompletableFuture<Subscriber<? super Customer>> subscriber = new CompletableFuture<>();

        @Source(name = "late", id = "id")
        Publisher<Customer> late(Set<Long> ids) {
            return subscriber::complete;
        }
    }

    @Test
    void isCancelledAlsoIfItsSubscriptionComesAfterTheEndOfTheBudget() {
        Late late = new Late();
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), late)
                .views(LateRow.class)
                .build()) {
            Page<LateRow> page = compositions.view(LateRow.class).page(null, Keyset.start(), 5);

            assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(compositions.callsInFlight()).containsEntry("late", 0));
            late.subscriber.join().onSubscribe(new Subscription() {
                @Override
                public void request(long rows) {}

                @Override
                public void cancel() {
                    cancelled.countDown();
                }
            });
            assertThat(cancelled.getCount()).isZero();
        }
    }

    @ComposedView(root = "orders", budget = "60s")
    record EndlessRow(
            @Root Order order,
            @One(source = "stream", key = "order.id") Part<Customer> stream,
            @One(source = "flux", key = "order.id") Part<Customer> flux) {}

    static class Endless {

        @Source(name = "stream", id = "id")
        Stream<Customer> stream(Set<Long> ids) {
            return LongStream.iterate(1, id -> id + 1).mapToObj(Customer::new);
        }

        @Source(name = "flux", id = "id")
        Flux<Customer> flux(Set<Long> ids) {
            return Flux.range(1, Integer.MAX_VALUE).map(Customer::new);
        }
    }

    @Test
    void isLeftOnceItIsTooLarge() {
        try (Compositions compositions = Compositions.builder()
                .sources(new Orders(), new Endless())
                .views(EndlessRow.class)
                .build()) {
            Page<EndlessRow> page = compositions.view(EndlessRow.class).page(null, Keyset.start(), 5);

            assertThat(page.missing())
                    .extracting(Page.Missing::cause)
                    .containsExactly(Cause.TOO_LARGE, Cause.TOO_LARGE);
        }
    }

    static class Mistaken {

        @Source(name = "one", id = "id")
        Mono<Customer> one(Set<Long> ids) {
            return Mono.empty();
        }

        @Source(name = "unknown", id = "id")
        Flux<?> unknown(Set<Long> ids) {
            return Flux.empty();
        }

        @Source(name = "none", id = "id")
        Mono<Void> none(Set<Long> ids) {
            return Mono.empty();
        }
    }

    @Test
    void isRefusedIfItDoesNotAnswerWithRows() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> Compositions.builder().sources(new Mistaken()).build())
                .withMessageContaining("Mistaken.one takes many keys, but returns ReactiveSourceTests.Customer.")
                .withMessageContaining("Mistaken.unknown does not say what its rows are.")
                .withMessageContaining("Mistaken.none returns nothing.");
    }
}
