package dev.freehold.outbox;

import dev.freehold.outbox.StateChanges.Change;
import dev.freehold.outbox.StateChanges.Doubt;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Timeout;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.hibernate.Timeouts;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishes the states of Hibernate's entities. Loaded only where Hibernate is used. */
final class HibernateStates implements PublishedStates {

    private static final Logger log = LoggerFactory.getLogger(PublishedStates.class);
    private static final int MOST_ROWS = 10_000;

    private final DefaultOutbox outbox;
    private final EntityManagerFactory unit;
    private final SessionFactoryImplementor factory;
    private final TransactionTemplate transaction;
    private final PersistenceExceptionTranslator translator;
    private final Map<String, StateType> types;

    private HibernateStates(
            DefaultOutbox outbox,
            EntityManagerFactory unit,
            JpaTransactionManager manager,
            Map<String, StateType> types) {
        this.outbox = outbox;
        this.unit = unit;
        this.factory = unit.unwrap(SessionFactoryImplementor.class);
        this.transaction = new TransactionTemplate(manager);
        this.translator = manager.getJpaDialect();
        this.types = types;
    }

    /** The changes of the thread's transaction. */
    StateChanges changes() {
        OutboxTransaction current = outbox.transaction();
        if (current.deferred() instanceof StateChanges changes) {
            return changes;
        }
        StateChanges changes = new StateChanges(outbox, translator);
        current.defer(changes);
        return changes;
    }

    /** By the name of an entity or of one that it inherits from. */
    @Nullable
    StateType typeOf(String entityName) {
        return types.get(entityName);
    }

    @Override
    public void publish(Object entity) {
        Session session = session();
        String name = session.getEntityName(entity);
        StateType type = required(name, entity.getClass());
        StateChanges changes = changes();
        session.flush();
        changes.present(type, session.getIdentifier(entity), new Change(entity, session, false, Doubt.ALWAYS));
    }

    @Override
    public Map<String, Class<?>> entities() {
        return types.values().stream()
                .distinct()
                .collect(Collectors.toUnmodifiableMap(type -> type.event().type(), StateType::entity));
    }

    private StateType required(String entityName, Class<?> entity) {
        StateType type = types.get(entityName);
        if (type == null) {
            throw StateType.wrong(entity, "is none", "Put @PublishedState on the entity's class.");
        }
        return type;
    }

    @Override
    public long publishAll(Class<?> entity, int rows) {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("rows must be between 1 and " + MOST_ROWS + ", was " + rows);
        }
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new OutboxException(
                    "States of all rows are published in transactions of their own, and there is one on thread '%s'."
                            .formatted(Thread.currentThread().getName()),
                    "Call publishAll outside of @Transactional.");
        }
        EntityPersister persister = persisterOf(entity);
        StateType type = required(persister.getEntityName(), entity);
        log.info("Publishing the states of all rows of {}", entity.getName());
        long published = 0;
        List<Object> ids = nextIds(entity, persister, null, rows);
        while (!ids.isEmpty()) {
            published += publishAll(type, ids);
            ids = nextIds(entity, persister, ids.get(ids.size() - 1), rows);
        }
        log.info("Published the states of {} rows of {}", published, entity.getName());
        return published;
    }

    private EntityPersister persisterOf(Class<?> entity) {
        EntityPersister persister = factory.getMappingMetamodel().findEntityDescriptor(entity);
        if (persister == null) {
            throw StateType.wrong(entity, "is no entity", "Give publishAll the class of an entity.");
        }
        return persister;
    }

    private List<Object> nextIds(Class<?> entity, EntityPersister persister, @Nullable Object last, int rows) {
        String id = Objects.requireNonNull(persister.getIdentifierPropertyName());
        String from = "SELECT e.%1$s FROM %2$s e %3$s ORDER BY e.%1$s"
                .formatted(id, persister.getEntityName(), last == null ? "" : "WHERE e." + id + " > :last");
        return Objects.requireNonNull(transaction.execute(status -> {
            var query = session().createSelectionQuery(from, Object.class).setMaxResults(rows);
            if (last != null) {
                query.setParameter("last", last);
            }
            return query.getResultList();
        }));
    }

    private int publishAll(StateType type, List<Object> ids) {
        Set<Object> passedBy = new LinkedHashSet<>(ids);
        passedBy.removeAll(publish(type, ids, Timeouts.SKIP_LOCKED));
        int waitedFor = 0;
        for (Object id : passedBy) {
            waitedFor += publish(type, List.of(id), Timeouts.WAIT_FOREVER).size();
        }
        return ids.size() - passedBy.size() + waitedFor;
    }

    private List<Object> publish(StateType type, List<Object> ids, Timeout locked) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Session session = session();
            StateChanges changes = changes();
            List<Object> found = RowLocks.lock(session, type.entity(), ids, LockMode.PESSIMISTIC_READ, locked);
            for (Object entity : found.isEmpty() ? List.of() : session.findMultiple(type.entity(), found)) {
                if (entity != null) {
                    changes.present(
                            type, session.getIdentifier(entity), new Change(entity, session, false, Doubt.NONE));
                }
            }
            return found;
        }));
    }

    private Session session() {
        var current = EntityManagerFactoryUtils.getTransactionalEntityManager(unit);
        if (current == null) {
            throw new OutboxException(
                    "There is no JPA transaction on thread '%s'."
                            .formatted(Thread.currentThread().getName()),
                    "Call publish inside @Transactional, on the thread that began the transaction.");
        }
        return current.unwrap(Session.class);
    }

    /** Collects what is needed, and begins to listen. */
    static final class Builder implements PublishedStates.Builder {

        private final Map<Class<?>, Function<Object, Object>> mappers = new HashMap<>();
        private final Set<Class<?>> entities = new LinkedHashSet<>();
        private @Nullable DefaultOutbox outbox;
        private @Nullable JpaTransactionManager manager;

        @Override
        public PublishedStates.Builder outbox(Outbox made) {
            if (!(made instanceof DefaultOutbox own)) {
                throw new OutboxException(
                        "States cannot be published to an outbox of %s."
                                .formatted(made.getClass().getName()),
                        "Give it the one that Outbox.builder() made.");
            }
            this.outbox = own;
            return this;
        }

        @Override
        public PublishedStates.Builder transactionManager(PlatformTransactionManager chosen) {
            if (!(chosen instanceof JpaTransactionManager jpa)) {
                throw new OutboxException(
                        "States cannot be published with transaction manager %s."
                                .formatted(chosen.getClass().getName()),
                        "Give it the JpaTransactionManager: what Hibernate writes is published.");
            }
            this.manager = jpa;
            return this;
        }

        @Override
        public PublishedStates.Builder entities(Class<?>... expected) {
            entities.addAll(List.of(expected));
            return this;
        }

        @Override
        @SuppressWarnings("unchecked") // called with entities of that class only
        public <E, S> PublishedStates.Builder mapper(
                Class<E> entity, Class<S> state, Function<? super E, ? extends S> mapper) {
            mappers.put(entity, (Function<Object, Object>) (Function<?, ?>) mapper);
            return this;
        }

        @Override
        public PublishedStates build() {
            if (outbox == null) {
                throw new OutboxException("There is no outbox to publish states to.", "Call outbox(…).");
            }
            EntityManagerFactory unit = manager == null ? null : manager.getEntityManagerFactory();
            if (manager == null || unit == null) {
                throw new OutboxException(
                        "There is no transaction manager to follow.", "Call transactionManager(…) with JPA's.");
            }
            SessionFactoryImplementor factory = unit.unwrap(SessionFactoryImplementor.class);
            HibernateStates states = new HibernateStates(outbox, unit, manager, types(factory, outbox));
            if (!states.types.isEmpty()) {
                HibernateStateListener.register(factory, states);
            }
            return states;
        }

        /** Of entities that have the annotation, and those that inherit from them: they share its type and ids. */
        private Map<String, StateType> types(SessionFactoryImplementor factory, DefaultOutbox target) {
            Map<Class<?>, StateType> declared = new HashMap<>();
            Map<String, StateType> byName = new HashMap<>();
            factory.getMappingMetamodel().forEachEntityDescriptor(persister -> {
                Class<?> declaring =
                        AnnotationUtils.findAnnotationDeclaringClass(PublishedState.class, persister.getMappedClass());
                if (declaring != null) {
                    byName.put(
                            persister.getEntityName(),
                            declared.computeIfAbsent(declaring, entity -> type(entity, factory, target)));
                }
            });
            entities.stream().filter(entity -> !declared.containsKey(entity)).forEach(entity -> {
                throw notAnEntity(entity);
            });
            return byName;
        }

        private StateType type(Class<?> entity, SessionFactoryImplementor factory, DefaultOutbox target) {
            EntityPersister persister = factory.getMappingMetamodel().findEntityDescriptor(entity);
            if (persister == null) {
                throw notAnEntity(entity);
            }
            PublishedState declared = Objects.requireNonNull(entity.getAnnotation(PublishedState.class));
            StateType type = StateType.of(persister, declared, mappers.get(entity));
            target.types().add(type.event());
            return type;
        }

        private static OutboxException notAnEntity(Class<?> entity) {
            return StateType.wrong(
                    entity,
                    "is no entity of the persistence unit",
                    "Put it on an entity's own class, not on one that entities inherit from: each has ids, and so keys, of its own.");
        }
    }
}
