package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction is still on the thread, but its events are stored, or it has ended. */
class CompletingTransactionTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    /** What became of a publication whose failure Spring only logs. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    @Test
    void refusesToPublishAfterCommit() {
        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.placeAndPublish("in time");
                    afterCommit(() -> service.publish("too late"));
                }),
                "before it commits",
                "REQUIRES_NEW");

        assertOnlyTheTimelyEvent();
    }

    @Test
    void refusesToPublishAfterCompletion() {
        service.inTransaction(() -> {
            service.placeAndPublish("in time");
            afterCompletion(() -> service.publish("too late"));
        });

        Refusal.in(failure.get(), "before the transaction commits");
        assertOnlyTheTimelyEvent();
    }

    @Test
    void refusesToPublishAfterARollback() {
        service.transaction().executeWithoutResult(status -> {
            service.placeAndPublish("rolled back");
            afterCompletion(() -> service.publish("too late"));
            status.setRollbackOnly();
        });

        Refusal.in(failure.get(), "before the transaction commits");
        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesAListenerOfTheCommit() {
        try (AnnotationConfigApplicationContext context = service.context(Annotations.class, Listener.class)) {
            service.inTransaction(() -> {
                service.placeAndPublish("in time");
                context.publishEvent(new OrderAccepted("too late"));
            });
            Refusal.in(context.getBean(Listener.class).failure, "before the transaction commits");
        }

        assertOnlyTheTimelyEvent();
    }

    @Test
    void refusesAListenerOfTheCommitThatFallsBackToNoTransaction() {
        try (AnnotationConfigApplicationContext context = service.context(Annotations.class, Listener.class)) {
            context.publishEvent(new OrderAccepted("without transaction"));
            Refusal.in(context.getBean(Listener.class).failure, "inside @Transactional");
        }

        assertThat(database.events()).isEmpty();
    }

    @Test
    void rollsBackWhenAnotherListenerPublishesAfterTheEventsWereStored() {
        DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());
        Service listenedTo = Service.on(database.dataSource(), manager);
        manager.addListener(new TransactionExecutionListener() {
            @Override
            public void beforeCommit(TransactionExecution transaction) {
                listenedTo.publish("too late");
            }
        });

        Refusal.of(() -> listenedTo.inTransaction(() -> listenedTo.placeAndPublish("in time")), "before it commits");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesATransactionThatJoinsTheCompletedOne() {
        service.inTransaction(() -> {
            service.placeAndPublish("in time");
            afterCompletion(() -> service.inTransaction(() -> service.publish("too late")));
        });

        Refusal.in(failure.get(), "REQUIRES_NEW");
        assertOnlyTheTimelyEvent();
    }

    @Test
    void storesFromANewTransactionAfterCommitAndAfterCompletion() {
        service.inTransaction(() -> {
            service.placeAndPublish("in time");
            afterCommit(() -> inNewTransaction("after commit"));
            afterCompletion(() -> inNewTransaction("after completion"));
        });

        assertThat(failure.get()).isNull();
        assertThat(database.orders()).containsExactly("after commit", "after completion", "in time");
        assertThat(database.events()).containsExactly("in time", "after commit", "after completion");
    }

    private static void inNewTransaction(String id) {
        service.transaction(PROPAGATION_REQUIRES_NEW).executeWithoutResult(status -> service.placeAndPublish(id));
    }

    private static void assertOnlyTheTimelyEvent() {
        assertThat(database.orders()).containsExactly("in time");
        assertThat(database.events()).containsExactly("in time");
    }

    private static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }

    private void afterCompletion(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                failure.set(catchThrowable(action::run));
            }
        });
    }

    record OrderAccepted(String id) {}

    @EnableTransactionManagement
    static class Annotations {}

    static class Listener {
        private final Service service;

        @Nullable
        Throwable failure;

        Listener(Service service) {
            this.service = service;
        }

        @TransactionalEventListener(fallbackExecution = true)
        public void on(OrderAccepted event) {
            failure = catchThrowable(() -> service.publish(event.id()));
        }
    }
}
