package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.outbox.OutboxDatabase;
import dev.freehold.outbox.OutboxException;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** What a transaction did to an entity is published with it, once, as it came to be. */
abstract class PublishedStateContract {

    private final States states;

    PublishedStateContract(OutboxDatabase database) {
        this.states = new States(database);
    }

    @AfterEach
    void close() {
        states.close();
    }

    private static String ann(long version, String name) {
        return customer(1, version, name, "", "");
    }

    private static String customer(long id, long version, String name, String tags, String cities) {
        return "customers %d {\"id\":%d,\"version\":%d,\"name\":\"%s\",\"tags\":[%s],\"cities\":[%s]}"
                .formatted(id, id, version, name, tags, cities);
    }

    @Test
    void publishesWhatIsInsertedUpdatedAndDeleted() {
        states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
        states.inTransaction(entities -> find(entities).name = "Anna");
        states.inTransaction(entities -> find(entities));
        states.inTransaction(entities -> entities.remove(find(entities)));

        assertThat(states.log()).containsExactly(ann(0, "Ann"), ann(1, "Anna"), "customers 1 gone");
    }

    private static Customer find(EntityManager entities) {
        return entities.find(Customer.class, 1L);
    }

    @Test
    void publishesOneStateOfATransactionHoweverOftenItWrites() {
        states.inTransaction(entities -> {
            Customer ann = new Customer(1, "A");
            entities.persist(ann);
            entities.flush();
            ann.name = "An";
            entities.flush();
            ann.name = "Ann";
        });
        assertThat(states.log()).containsExactly(ann(2, "Ann"));
    }

    @Test
    void publishesNothingOfWhatATransactionRollsBack() {
        states.transaction.executeWithoutResult(status -> {
            states.entities.persist(new Customer(1, "Ann"));
            states.entities.flush();
            status.setRollbackOnly();
        });
        assertThat(states.log()).isEmpty();
    }

    @Test
    void publishesNothingOfWhatATransactionInsertsAndDeletes() {
        states.inTransaction(entities -> {
            Customer ann = new Customer(1, "Ann");
            entities.persist(ann);
            entities.flush();
            entities.remove(ann);
        });
        assertThat(states.log()).isEmpty();
    }

    @Test
    void publishesTheStateOfWhatATransactionDeletesAndInsertsAgain() {
        states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
        states.forgetLog();
        states.inTransaction(entities -> {
            entities.remove(find(entities));
            entities.flush();
            entities.persist(new Customer(1, "Ann again"));
        });
        assertThat(states.log())
                .as("or who has seen version 7 would pass over version 0")
                .containsExactly("customers 1 gone", ann(0, "Ann again"));
    }

    @Test
    void publishesSubclassesUnderTheSameTypeAndKeys() {
        states.inTransaction(entities -> entities.persist(new Company(1, "Ann Ltd")));
        assertThat(states.log()).containsExactly(ann(0, "Ann Ltd"));
    }

    @Test
    void seesChangesOfCollectionsThatTheEntityOwns() {
        states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
        states.forgetLog();
        states.inTransaction(entities -> find(entities).tags.addAll(List.of("good", "new")));
        states.inTransaction(entities -> find(entities).tags.remove("new"));
        states.inTransaction(entities -> find(entities).tags.clear());

        assertThat(states.log())
                .containsExactly(
                        customer(1, 1, "Ann", "\"good\",\"new\"", ""),
                        customer(1, 2, "Ann", "\"good\"", ""),
                        customer(1, 3, "Ann", "", ""));
    }

    /** The other side writes them: the customer's own row does not change. */
    @Test
    void seesChangesOfCollectionsThatOthersOwn() {
        states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
        states.forgetLog();
        states.inTransaction(entities -> find(entities).movesTo("Rome"));
        states.inTransaction(entities -> find(entities).movesTo("Oslo"));

        assertThat(states.log())
                .containsExactly(customer(1, 0, "Ann", "", "\"Rome\""), customer(1, 0, "Ann", "", "\"Oslo\",\"Rome\""));
    }

    @Test
    void publishesWhatThePersistenceContextHasLetGoOf() {
        states.inTransaction(entities -> {
            for (long id = 1; id <= 5; id++) {
                entities.persist(new Customer(id, "Ann"));
                entities.flush();
                entities.clear();
            }
            find(entities).name = "Anna";
            entities.flush();
            entities.clear();
        });
        assertThat(states.log())
                .containsExactlyInAnyOrder(
                        customer(1, 1, "Anna", "", ""),
                        customer(2, 0, "Ann", "", ""),
                        customer(3, 0, "Ann", "", ""),
                        customer(4, 0, "Ann", "", ""),
                        customer(5, 0, "Ann", "", ""));
    }

    @Test
    void publishesWhatAStatelessSessionWrites() {
        SessionFactory factory = states.entities.getEntityManagerFactory().unwrap(SessionFactory.class);
        states.inTransaction(entities -> {
            try (StatelessSession session =
                    factory.openStatelessSession(DataSourceUtils.getConnection(states.dataSource))) {
                Stock bolts = new Stock("bolts");
                session.insert(bolts);
                bolts.onHand = 7;
                session.update(bolts);
            }
        });
        assertThat(states.log()).containsExactly("stock bolts {\"sku\":\"bolts\",\"onHand\":7,\"reserved\":0}");
    }

    /** Columns that it has not changed are not written, and may be another one's by now. */
    @Test
    void publishesWhatTheRowHasWhereAnUpdateWritesChangedColumnsOnly() {
        states.inTransaction(entities -> entities.persist(new Stock("bolts")));
        states.forgetLog();
        states.inTransaction(entities -> {
            Stock bolts = entities.find(Stock.class, "bolts");
            states.jdbc(other -> other.sql("UPDATE stock SET reserved = 3").update());
            bolts.onHand = 7;
        });
        assertThat(states.log()).containsExactly("stock bolts {\"sku\":\"bolts\",\"onHand\":7,\"reserved\":3}");
    }

    @Test
    void publishesTheStateAfterBulkStatementsIfToldTo() {
        states.inTransaction(entities -> entities.persist(new Customer(1, "Ann")));
        states.forgetLog();
        states.inTransaction(entities -> {
            Customer ann = find(entities);
            entities.createQuery("UPDATE Customer c SET c.name = 'Anna'").executeUpdate();
            states.published.publish(ann);
        });
        assertThat(states.log()).containsExactly(ann(0, "Anna"));
    }

    @Test
    void publishesWhatABulkStatementMadeOfWhatTheTransactionInserted() {
        states.inTransaction(entities -> {
            Customer ann = new Customer(1, "Ann");
            entities.persist(ann);
            entities.flush();
            entities.createQuery("UPDATE Customer c SET c.name = 'Anna'").executeUpdate();
            states.published.publish(ann);
        });
        assertThat(states.log()).containsExactly(ann(0, "Anna"));
    }

    /** Whoever has it locked will publish it, too, and later. */
    @Test
    void waitsForRowsThatAreLockedBeforeItPublishesThem() throws Exception {
        states.inTransaction(entities -> {
            for (long id = 1; id <= 3; id++) {
                Customer customer = new Customer(id, "Ann");
                customer.tags.add("new");
                entities.persist(customer);
            }
        });
        states.forgetLog();
        java.util.concurrent.CompletableFuture<Long> all;
        try (java.sql.Connection other = states.dataSource.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().executeUpdate("UPDATE customer SET name = 'Anna', version = 1 WHERE id = 2");
            all = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> states.published.publishAll(Customer.class, 10), task -> new Thread(task).start());
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofMinutes(1))
                    .until(() -> states.log().size() == (passesByLockedRows() ? 2 : 0));
            assertThat(all).isNotDone();
            other.commit();
        }
        assertThat(all.get()).isEqualTo(3);
        assertThat(states.log()).hasSize(3).contains(customer(2, 1, "Anna", "\"new\"", ""));
    }

    /** Or it waits for them before it publishes any. */
    boolean passesByLockedRows() {
        return true;
    }

    @Test
    void publishesTheStatesOfAllRows() {
        for (int n = 1; n <= 25; n++) {
            states.jdbc
                    .sql("INSERT INTO stock (sku, on_hand, reserved) VALUES (?, ?, 0)")
                    .params("s" + n, n)
                    .update();
        }
        assertThat(states.published.publishAll(Stock.class, 10)).isEqualTo(25);
        assertThat(states.log())
                .hasSize(25)
                .contains("stock s7 {\"sku\":\"s7\",\"onHand\":7,\"reserved\":0}")
                .doesNotHaveDuplicates();
        assertThat(states.published.publishAll(Customer.class, 10)).isZero();
    }

    /** Nothing may be written that is not published; so it fails where there is no transaction to publish it with. */
    @Test
    void refusesWritesInTransactionsThatItDoesNotFollow() {
        EntityManager own = states.entities.getEntityManagerFactory().createEntityManager();
        own.getTransaction().begin();
        own.persist(new Customer(1, "Ann"));
        assertThatThrownBy(own::flush).isInstanceOf(OutboxException.class).hasMessageContaining("no transaction");
        own.getTransaction().rollback();
        own.close();
        assertThat(states.log()).isEmpty();
    }

    @Test
    void rollsBackIfAStateCannotBeMade() {
        assertThatThrownBy(() -> states.inTransaction(
                        entities -> entities.persist(new Customer(1, CustomerState.UNPUBLISHABLE))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not for others");
        assertThat(states.jdbc
                        .sql("SELECT count(*) FROM customer")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void refusesToPublishAllInATransaction() {
        assertThatThrownBy(() -> states.inTransaction(entities -> states.published.publishAll(Stock.class, 10)))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("outside of @Transactional");
    }

    @Test
    void refusesWhatHasNoState() {
        assertThatThrownBy(() -> states.published.publishAll(Address.class, 10))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("Put @PublishedState on the entity's class");
        assertThatThrownBy(() -> states.published.publishAll(String.class, 10)).isInstanceOf(OutboxException.class);
        assertThatThrownBy(() -> states.published.publishAll(Stock.class, 0))
                .hasMessage("rows must be between 1 and 10000, was 0");
    }
}
