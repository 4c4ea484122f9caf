package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxEvent;
import dev.freehold.outbox.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The token of what was written tells of what was committed on the thread, and of nothing else. */
class CommittedEventsTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    @OutboxEvent(type = "orders.order-paid", topic = "orders")
    record OrderPaid(@EventKey String orderId) {}

    private static UUID place(String id) {
        return service.outbox().publish(new OrderPlaced(id));
    }

    private static UUID placed(String id) {
        UUID[] placed = new UUID[1];
        service.inTransaction(() -> placed[0] = place(id));
        return placed[0];
    }

    private static Set<UUID> in(ConsistencyToken token) {
        return token.events("orders", "orders.order-placed");
    }

    @Test
    void areThoseOfTransactionsThatCommitMeanwhile() {
        placed("before");
        try (CommittedEvents events = CommittedEvents.record()) {
            assertThat(events.token().isEmpty()).isTrue();
            UUID one = placed("1");
            UUID two = placed("2");
            ConsistencyToken token = events.token();
            UUID three = placed("3");

            assertThat(in(token)).containsExactlyInAnyOrder(one, two);
            assertThat(in(events.token())).containsExactlyInAnyOrder(one, two, three);
        }
        placed("after");
    }

    @Test
    void areNoneBeforeTheCommit() {
        try (CommittedEvents events = CommittedEvents.record()) {
            service.inTransaction(() -> {
                place("1");
                assertThat(events.token().isEmpty()).isTrue();
            });
            assertThat(events.token().isEmpty()).isFalse();
        }
    }

    @Test
    void areNoneOfTransactionsThatRollBack() {
        try (CommittedEvents events = CommittedEvents.record()) {
            service.transaction().executeWithoutResult(status -> {
                place("1");
                status.setRollbackOnly();
            });
            assertThat(events.token().isEmpty()).isTrue();
        }
    }

    @Test
    void areNoneBehindASavepoint() {
        try (CommittedEvents events = CommittedEvents.record()) {
            List<UUID> kept = new ArrayList<>();
            service.inTransaction(() -> {
                kept.add(place("1"));
                service.transaction(PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    place("2");
                    nested.setRollbackOnly();
                });
                kept.add(place("3"));
            });
            assertThat(in(events.token())).containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    @Test
    void areThoseOfAnInnerTransactionThoughTheOuterOneRollsBack() {
        try (CommittedEvents events = CommittedEvents.record()) {
            UUID[] audited = new UUID[1];
            service.transaction().executeWithoutResult(status -> {
                place("outer");
                service.transaction(PROPAGATION_REQUIRES_NEW)
                        .executeWithoutResult(inner -> audited[0] = place("audit"));
                status.setRollbackOnly();
            });
            assertThat(in(events.token())).containsExactly(audited[0]);
        }
    }

    @Test
    void areOfEveryOutbox() {
        Service other = Service.on(database.otherDataSource());
        List<StoredEvent> handed = new ArrayList<>();
        Outbox inMemory = Outbox.inMemory(JsonMapper.shared(), handed::add);
        try (CommittedEvents events = CommittedEvents.record()) {
            UUID one = placed("1");
            UUID[] others = new UUID[1];
            other.inTransaction(() -> others[0] = other.outbox().publish(new OrderPlaced("2")));
            UUID three = inMemory.publish(new OrderPlaced("3"));

            assertThat(in(events.token())).containsExactlyInAnyOrder(one, others[0], three);
        }
    }

    @Test
    void ofAnOutboxInMemoryAreThoseThatItHandsOver() {
        List<StoredEvent> handed = new ArrayList<>();
        Outbox inMemory = Outbox.inMemory(JsonMapper.shared(), handed::add);
        try (CommittedEvents events = CommittedEvents.record()) {
            service.transaction().executeWithoutResult(status -> {
                inMemory.publish(new OrderPlaced("rolled back"));
                status.setRollbackOnly();
            });
            service.inTransaction(() -> {
                service.transaction(PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    inMemory.publish(new OrderPlaced("first, and behind a savepoint"));
                    nested.setRollbackOnly();
                });
                inMemory.publish(new OrderPlaced("1"));
                service.transaction(PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    inMemory.publish(new OrderPlaced("behind a savepoint"));
                    nested.setRollbackOnly();
                });
                inMemory.publish(new OrderPlaced("2"));
                assertThat(events.token().isEmpty()).isTrue();
            });
            assertThat(handed).extracting(StoredEvent::key).containsExactly("1", "2");
            assertThat(in(events.token()))
                    .containsExactlyInAnyOrderElementsOf(
                            handed.stream().map(StoredEvent::id).toList());
        }
    }

    /** Who has handled the last one has handled those before it, since they come in order. */
    @Test
    void areTheLastOfEachKeyOfATopicAndType() {
        try (CommittedEvents events = CommittedEvents.record()) {
            UUID[] last = new UUID[3];
            service.inTransaction(() -> {
                place("1");
                last[0] = service.outbox().publish(new OrderPaid("1"));
                last[1] = place("2");
            });
            last[2] = placed("1");

            assertThat(in(events.token())).containsExactlyInAnyOrder(last[1], last[2]);
            assertThat(events.token().events("orders", "orders.order-paid")).containsExactly(last[0]);
        }
    }

    @Test
    void overflowWithTheSixtyFifthKey() {
        try (CommittedEvents events = CommittedEvents.record()) {
            service.inTransaction(() -> Stream.iterate(0, n -> n + 1).limit(200).forEach(n -> place("key " + n % 64)));
            assertThat(in(events.token())).hasSize(64);
            placed("another key");
            assertThat(events.token().isOverflowing()).isTrue();
            placed("another key");
            assertThat(events.token().isOverflowing()).isTrue();
        }
    }

    @Test
    void ofAnInnerScopeAreSeenByBoth() {
        try (CommittedEvents outer = CommittedEvents.record()) {
            UUID one = placed("1");
            UUID two;
            ConsistencyToken ofInner;
            try (CommittedEvents inner = CommittedEvents.record()) {
                two = placed("2");
                ofInner = inner.token();
            }
            UUID three = placed("3");
            assertThat(in(ofInner)).containsExactly(two);
            assertThat(in(outer.token())).containsExactlyInAnyOrder(one, two, three);
        }
    }

    @Test
    void areThoseOfTheThread() throws Exception {
        try (CommittedEvents events = CommittedEvents.record()) {
            CompletableFuture.runAsync(() -> placed("elsewhere"), task -> new Thread(task).start())
                    .get();
            assertThat(events.token().isEmpty()).isTrue();
        }
    }

    @Test
    void areToldAfterEachCommitWithEventsAndTheCallerHearsOfNoFailure() {
        List<Integer> told = new ArrayList<>();
        try (CommittedEvents outer =
                        CommittedEvents.record(token -> told.add(in(token).size()));
                CommittedEvents inner = CommittedEvents.record(token -> {
                    throw new IllegalStateException("the response is gone");
                })) {
            placed("1");
            service.inTransaction(() -> {});
            placed("2");
            assertThat(in(inner.token())).hasSize(2);
            assertThat(in(outer.token())).hasSize(2);
        }
        assertThat(told).containsExactly(1, 2);
    }

    @Test
    void areRecordedUntilTheScopeIsClosed() {
        CommittedEvents events = CommittedEvents.record();
        placed("1");
        events.close();
        events.close();
        placed("2");
        assertThat(in(events.token())).hasSize(1);
    }

    @Test
    void endWithTheScopeAroundIfNobodyHasClosedThem() {
        CommittedEvents outer = CommittedEvents.record();
        CommittedEvents forgotten = CommittedEvents.record();
        UUID one = placed("1");

        outer.close();
        placed("2");

        assertThat(in(outer.token())).containsExactly(one);
        assertThat(in(forgotten.token())).containsExactly(one);
        forgotten.close();
        try (CommittedEvents next = CommittedEvents.record()) {
            UUID three = placed("3");
            assertThat(in(next.token())).containsExactly(three);
        }
        assertThat(in(outer.token())).containsExactly(one);
    }

    @Test
    void refuseToBeClosedOnAnotherThread() throws Exception {
        try (CommittedEvents outer = CommittedEvents.record()) {
            Thread other = new Thread(() -> assertThatIllegalStateException().isThrownBy(outer::close));
            List<Throwable> failures = new ArrayList<>();
            other.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            other.start();
            other.join();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void areStoredAsEverWhenNobodyRecords() {
        TransactionTemplate transaction = service.transaction();
        database.empty();
        transaction.executeWithoutResult(status -> place("1"));
        assertThat(database.events()).containsExactly("1");
    }
}
