package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.ISOLATION_REPEATABLE_READ;
import static org.springframework.transaction.TransactionDefinition.ISOLATION_SERIALIZABLE;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_MANDATORY;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_SUPPORTS;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a correct program does with transactions is not refused, and events share the fate of the business rows. */
class AcceptedTransactionTests {

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    @Test
    void storesEventsInTheOrderOfTheCalls() {
        service.inTransaction(() -> {
            service.placeAndPublish("b");
            service.transaction(PROPAGATION_SUPPORTS).executeWithoutResult(status -> service.placeAndPublish("a"));
            service.transaction(PROPAGATION_MANDATORY).executeWithoutResult(status -> service.placeAndPublish("c"));
        });

        assertStored("b", "a", "c");
    }

    @Test
    void storesNothingWhenTheTransactionIsMarkedAfterwards() {
        service.transaction().executeWithoutResult(status -> {
            service.placeAndPublish("1");
            status.setRollbackOnly();
        });

        assertStored();
    }

    @Test
    void storesNothingWhenAnInnerMethodFailedAndWasCaught() {
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> service.inTransaction(() -> {
                    service.placeAndPublish("outer");
                    assertThatThrownBy(() -> service.inTransaction(() -> {
                                service.placeAndPublish("inner");
                                throw new IllegalStateException("no stock");
                            }))
                            .hasMessage("no stock");
                }));

        assertStored();
    }

    @Test
    void storesNothingWhenAFailedStatementWasCaught() {
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> service.inTransaction(() -> {
                    service.placeAndPublish("1");
                    assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> service.place("1"));
                }));

        assertStored();
    }

    @Test
    void removesTheEventsOfANestedTransactionThatRolledBack() {
        service.inTransaction(() -> {
            service.placeAndPublish("before");
            service.transaction(PROPAGATION_NESTED).executeWithoutResult(nested -> {
                service.placeAndPublish("nested");
                nested.setRollbackOnly();
            });
            service.placeAndPublish("after");
        });

        assertStored("before", "after");
    }

    @Test
    void keepsTheEventsOfANestedTransaction() {
        service.inTransaction(() -> {
            service.placeAndPublish("before");
            service.transaction(PROPAGATION_NESTED).executeWithoutResult(nested -> service.placeAndPublish("nested"));
        });

        assertStored("before", "nested");
    }

    @Test
    void removesTheEventsBehindASavepoint() {
        service.transaction().executeWithoutResult(status -> {
            service.placeAndPublish("0");
            Object first = status.createSavepoint();
            service.placeAndPublish("1");
            Object second = status.createSavepoint();
            service.placeAndPublish("2");
            status.rollbackToSavepoint(second);
            service.placeAndPublish("3");
            status.rollbackToSavepoint(second);
            service.placeAndPublish("4");
            status.releaseSavepoint(second);
            Object third = status.createSavepoint();
            service.placeAndPublish("5");
            status.rollbackToSavepoint(first);
            service.placeAndPublish("6");
            assertThat(third).isNotNull();
        });

        assertStored("0", "6");
    }

    @Test
    void storesNothingWhenAllWasRolledBackToASavepoint() {
        service.transaction().executeWithoutResult(status -> {
            service.place("0");
            Object savepoint = status.createSavepoint();
            service.placeAndPublish("1");
            status.rollbackToSavepoint(savepoint);
        });

        assertThat(database.orders()).containsExactly("0");
        assertThat(database.events()).isEmpty();
    }

    @Test
    void storesWithANewTransactionWhateverBecomesOfTheOuterOne() {
        service.transaction().executeWithoutResult(outer -> {
            service.placeAndPublish("outer");
            inNewTransaction("inner");
            assertThat(database.events()).containsExactly("inner");
            outer.setRollbackOnly();
        });

        assertStored("inner");
    }

    @Test
    void keepsTheOuterEventsWhenANewTransactionRollsBack() {
        service.inTransaction(() -> {
            service.placeAndPublish("before");
            service.transaction(PROPAGATION_REQUIRES_NEW).executeWithoutResult(inner -> {
                service.placeAndPublish("inner");
                inner.setRollbackOnly();
            });
            service.placeAndPublish("after");
        });

        assertStored("before", "after");
    }

    @Test
    void storesWhatIsPublishedDirectlyBeforeTheCommit() {
        service.inTransaction(() -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    service.placeAndPublish("before commit");
                }

                @Override
                public void beforeCompletion() {
                    service.placeAndPublish("before completion");
                }
            });
            service.placeAndPublish("in time");
        });

        assertStored("in time", "before commit", "before completion");
    }

    @Test
    void storesUnderStricterIsolation() {
        for (int isolation : new int[] {ISOLATION_REPEATABLE_READ, ISOLATION_SERIALIZABLE}) {
            TransactionTemplate strict = service.transaction();
            strict.setIsolationLevel(isolation);
            strict.executeWithoutResult(status -> service.placeAndPublish("isolation " + isolation));
        }

        assertStored("isolation " + ISOLATION_REPEATABLE_READ, "isolation " + ISOLATION_SERIALIZABLE);
    }

    private static void inNewTransaction(String id) {
        service.transaction(PROPAGATION_REQUIRES_NEW).executeWithoutResult(inner -> service.placeAndPublish(id));
    }

    private static void assertStored(String... ids) {
        assertThat(database.events()).containsExactly(ids);
        assertThat(database.orders()).containsExactlyInAnyOrder(ids);
    }
}
