package dev.freehold.outbox;

import java.util.Map;
import java.util.function.Function;
import org.springframework.transaction.PlatformTransactionManager;

/** Publishes states of {@link PublishedState} entities beyond those that Hibernate's changes bring by themselves. */
public interface PublishedStates {

    /**
     * Publishes the present state of an entity with the transaction of the thread, as if it had been changed: after bulk
     * statements, for example. What the persistence context has changed is written, and the entity read again and its row
     * locked.
     *
     * @param entity managed by the transaction's persistence context
     * @throws OutboxException if its class is no {@link PublishedState}, or there is no transaction
     */
    void publish(Object entity);

    /**
     * Publishes the present state of all rows, for consumers that begin: in transactions of its own, a number of rows in
     * each, in the order of ids. Changes go on meanwhile; rows are locked while their state is read and stored ({@code FOR
     * SHARE}), so no state comes after a newer one of its key. No transaction of others can get into a deadlock with it:
     * rows that are locked by others are passed by, and waited for one by one at the end of each number. Rows that are
     * deleted before their turn are left out: nobody who begins knows them.
     *
     * @param entity class of the entities
     * @param rows rows in a transaction, 1 to 10,000
     * @return how many states were published
     * @throws OutboxException if the class is no {@link PublishedState}, or if there is a transaction on the thread: what
     *     it holds and what is published here might wait for each other
     */
    long publishAll(Class<?> entity, int rows);

    /** The entities whose states are published, by the type of their events. */
    Map<String, Class<?>> entities();

    /** Starts building without Spring Boot. */
    static Builder builder() {
        return new HibernateStates.Builder();
    }

    /** What is needed: an outbox, and Hibernate on the same database. */
    interface Builder {

        /** The outbox that events go to, made by {@link Outbox#builder}. Required. */
        Builder outbox(Outbox outbox);

        /** JPA's transaction manager on Hibernate, one that the outbox was given, too. Required. */
        Builder transactionManager(PlatformTransactionManager manager);

        /** Entities that are meant to be followed, so that it is refused if they cannot be. */
        Builder entities(Class<?>... entities);

        /** How entities of a class are turned into what is published, instead of by its constructor. */
        <E, S> Builder mapper(Class<E> entity, Class<S> state, Function<? super E, ? extends S> mapper);

        /**
         * Begins to follow the changes of all {@link PublishedState} entities.
         *
         * @throws OutboxException if something is missing, or if an entity is declared wrongly
         */
        PublishedStates build();
    }
}
