package dev.freehold.outbox.wiring;

import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.PublishedState;
import dev.freehold.outbox.PublishedStates;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** An entity whose states could not be published as promised is refused before the first transaction. */
class StateMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    record State(String id) {
        State(Object entity) {
            this(entity.toString());
        }
    }

    record Unrelated(String id) {}

    abstract static class Abstract {
        Abstract(Object entity) {}
    }

    @Entity
    @PublishedState(type = "tests.one", topic = "tests", as = Unrelated.class)
    static class WithoutConstructor {
        @Id
        long id;
    }

    @Entity
    @PublishedState(type = "tests.one", topic = "tests", as = Abstract.class)
    static class AsAbstractClass {
        @Id
        long id;
    }

    @Embeddable
    static class Two implements Serializable {
        private static final long serialVersionUID = 1L;
        long one;
        long two;
    }

    @Entity
    @PublishedState(type = "tests.one", topic = "tests", as = State.class)
    static class WithEmbeddedId {
        @EmbeddedId
        @Nullable
        Two id;
    }

    @Entity
    @PublishedState(type = "tests one", topic = "tests", as = State.class)
    static class WithWrongType {
        @Id
        long id;
    }

    @Entity
    @PublishedState(type = "tests.one", topic = "", as = State.class)
    static class WithoutTopic {
        @Id
        long id;
    }

    @Entity
    @PublishedState(type = "tests.one", version = 0, topic = "tests", as = State.class)
    static class WithoutVersion {
        @Id
        long id;
    }

    @Entity
    @PublishedState(type = "tests.good", topic = "tests", as = State.class)
    static class Good {
        @Id
        @Nullable
        UUID id;
    }

    @Entity
    @PublishedState(type = "tests.good", topic = "others", as = State.class)
    static class OfTheSameType {
        @Id
        long id;
    }

    @MappedSuperclass
    @PublishedState(type = "tests.one", topic = "tests", as = State.class)
    static class Inherited {
        @Id
        long id;
    }

    @Entity
    static class Inheriting extends Inherited {}

    @PublishedState(type = "tests.one", topic = "tests", as = State.class)
    static class NoEntity {}

    @Test
    void refusesEntitiesThatCannotBeTurnedIntoTheirState() {
        refuses("Unrelated(WithoutConstructor)", WithoutConstructor.class);
        refuses("Function<WithoutConstructor, Unrelated>", WithoutConstructor.class);
        refuses("concrete", AsAbstractClass.class);
    }

    @Test
    void refusesIdsThatAreNoKey() {
        refuses("a String, a UUID, a whole number", WithEmbeddedId.class);
    }

    @Test
    void refusesWrongNames() {
        refuses("letters, digits", WithWrongType.class);
        refuses("name of a Kafka topic", WithoutTopic.class);
        refuses("at least 1", WithoutVersion.class);
    }

    @Test
    void refusesTwoEntitiesOfOneType() {
        refuses("another type", Good.class, OfTheSameType.class);
    }

    @Test
    void refusesWhatIsNoEntityOfItsOwn() {
        refuses("entity's own class", Inheriting.class);
        Refusal.of(() -> builder(Good.class).entities(NoEntity.class).build(), "entity's own class");
    }

    @Test
    void refusesToBeBuiltInParts() {
        Refusal.of(() -> PublishedStates.builder().build(), "outbox(…)");
        Refusal.of(() -> PublishedStates.builder().outbox(outbox()).build(), "transactionManager(…)");
        Refusal.of(
                () -> PublishedStates.builder()
                        .transactionManager(new DataSourceTransactionManager(database.dataSource())),
                "JpaTransactionManager");
        Refusal.of(() -> PublishedStates.builder().outbox(event -> new UUID(0, 0)), "Outbox.builder()");
    }

    private static void refuses(String fix, Class<?>... entities) {
        Refusal.of(() -> builder(entities).build(), fix);
    }

    private static PublishedStates.Builder builder(Class<?>... entities) {
        LocalContainerEntityManagerFactoryBean unit = new LocalContainerEntityManagerFactoryBean();
        unit.setDataSource(database.dataSource());
        unit.setPersistenceUnitName("mistakes");
        unit.setManagedTypes(PersistenceManagedTypes.of(java.util.stream.Stream.concat(
                        Arrays.stream(entities), java.util.stream.Stream.of(Inherited.class, Two.class))
                .map(Class::getName)
                .toArray(String[]::new)));
        unit.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        unit.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "none"));
        unit.afterPropertiesSet();
        JpaTransactionManager manager = new JpaTransactionManager(Objects.requireNonNull(unit.getObject()));
        Outbox outbox = Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .build();
        return PublishedStates.builder().outbox(outbox).transactionManager(manager);
    }

    private static Outbox outbox() {
        return Outbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(new DataSourceTransactionManager(database.dataSource()))
                .build();
    }
}
