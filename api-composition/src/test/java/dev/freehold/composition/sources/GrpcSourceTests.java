package dev.freehold.composition.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.freehold.composition.Budget;
import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.sources.CustomerRpc.Customer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources that ask a gRPC service, by blocking calls and by futures. */
@Timeout(120)
class GrpcSourceTests {

    record Order(long id, long customerId) {}

    record Sources(Channel channel) {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7), new Order(2, 8), new Order(3, 7));
        }

        /** As {@code stub.withDeadlineAfter(budget.remaining()).search(ids)}. */
        @Source(name = "deadline", id = "id")
        List<Customer> withDeadline(List<Long> ids, Budget budget) {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(budget.remaining());
            return ClientCalls.blockingUnaryCall(channel, CustomerRpc.SEARCH, options, ids);
        }

        /** As {@code stub.search(ids)}: nothing but an interrupt ends it. */
        @Source(name = "blocking", id = "id")
        List<Customer> blocking(List<Long> ids) {
            return ClientCalls.blockingUnaryCall(channel, CustomerRpc.SEARCH, CallOptions.DEFAULT, ids);
        }

        /** As {@code futureStub.search(ids)}: nothing but its cancellation ends it. */
        @Source(name = "future", id = "id")
        CompletableFuture<List<Customer>> future(List<Long> ids) {
            return completable(
                    ClientCalls.futureUnaryCall(channel.newCall(CustomerRpc.SEARCH, CallOptions.DEFAULT), ids));
        }

        @Source(name = "single")
        Customer single(long id) {
            return ClientCalls.blockingUnaryCall(channel, CustomerRpc.SEARCH, CallOptions.DEFAULT, List.of(id))
                    .get(0);
        }

        private static <T> CompletableFuture<T> completable(ListenableFuture<T> asked) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            asked.addListener(() -> complete(answer, asked), Runnable::run);
            answer.whenComplete((value, failed) -> asked.cancel(true)); // nothing if it is done
            return answer;
        }

        private static <T> void complete(CompletableFuture<T> answer, ListenableFuture<T> asked) {
            try {
                answer.complete(asked.get());
            } catch (ExecutionException failed) {
                answer.completeExceptionally(failed.getCause());
            } catch (InterruptedException impossible) { // it is done
                answer.completeExceptionally(impossible);
            }
        }
    }

    @ComposedView(root = "orders", budget = "4s") // the first call of a channel takes a while
    record Row(
            @Root Order order,

            @One(source = "deadline", key = "order.customerId")
            Part<Customer> deadline,

            @One(source = "blocking", key = "order.customerId")
            Part<Customer> blocking,

            @One(source = "future", key = "order.customerId")
            Part<Customer> future,

            @One(source = "single", key = "order.customerId")
            Part<Customer> single) {

        Stream<Part<Customer>> parts() {
            return Stream.of(deadline, blocking, future, single);
        }
    }

    @ComposedView(root = "orders", budget = "60s")
    record PatientRow(
            @Root Order order,

            @One(source = "deadline", key = "order.customerId")
            Part<Customer> customer) {}

    private CustomerRpc service;
    private Compositions compositions;

    @BeforeEach
    void start() throws IOException {
        service = new CustomerRpc();
        compositions = Compositions.builder()
                .sources(new Sources(service.channel()))
                .views(Row.class, PatientRow.class)
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        compositions.close();
        service.close();
    }

    private Page<Row> page() {
        return compositions.view(Row.class).page(null, Keyset.start(), 5);
    }

    private static void assertThatAllAre(Cause cause, Page<Row> page) {
        assertThat(page.missing())
                .extracting(Page.Missing::source)
                .containsExactlyInAnyOrder("deadline", "blocking", "future", "single");
        assertThat(page.missing()).extracting(Page.Missing::cause).containsOnly(cause);
    }

    @Test
    void joinRowsByTheirKeys() {
        Page<PatientRow> page = compositions.view(PatientRow.class).page(null, Keyset.start(), 5);

        assertThat(page.rows())
                .extracting(row -> row.customer().optional().orElse(null))
                .containsExactly(new Customer(7, "Ada"), null, new Customer(7, "Ada"));
        assertThat(page.rows().get(1).customer()).isEqualTo(new Part.Absent<>(8L));
        assertThat(service.calls()).isEqualTo(1);
    }

    @Test
    void tellTheServiceHowMuchTimeIsLeft() {
        compositions.view(PatientRow.class).page(null, Keyset.start(), 5);

        assertThat(service.deadline())
                .isNotNull()
                .satisfies(deadline -> assertThat(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)))
                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, CONNECTION",
        "DEADLINE_EXCEEDED, TIMEOUT",
        "CANCELLED, CANCELLED",
        "RESOURCE_EXHAUSTED, CLIENT_ERROR",
        "PERMISSION_DENIED, CLIENT_ERROR",
        "INTERNAL, SERVER_ERROR",
        "UNKNOWN, SERVER_ERROR"
    })
    void sayWhatTheStatusMeans(Status.Code status, Cause cause) {
        service.answerWith(status.toStatus());

        assertThatAllAre(cause, page());
    }

    @Test
    void takeNotFoundForAnAnswerIfTheyAskedForOneKey() {
        service.answerWith(Status.NOT_FOUND);

        Page<Row> page = page();

        assertThat(page.rows().get(0).single()).isEqualTo(new Part.Absent<>(7L));
        assertThat(page.missing()).hasSize(3).extracting(Page.Missing::cause).containsOnly(Cause.CLIENT_ERROR);
    }

    @Test
    void sayThatTheAnswerCannotBeRead() {
        service.answerWithGarbage();

        assertThat(page().rows().get(0).parts())
                .extracting(part -> ((Part.Unavailable<Customer>) part).cause())
                .containsOnly(Cause.UNREADABLE);
    }

    @Test
    void sayThatNobodyIsThere() {
        service.goAway();

        assertThatAllAre(Cause.CONNECTION, page());
    }

    @Test
    void cancelTheirCallsWhenTheBudgetIsOver() {
        service.neverAnswer();

        Page<Row> page = page();

        assertThatAllAre(Cause.TIMEOUT, page);
        assertThat(service.calls()).isEqualTo(5);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(service.cancelled()).isEqualTo(5);
            assertThat(compositions.callsInFlight().values()).containsOnly(0);
        });
    }
}
