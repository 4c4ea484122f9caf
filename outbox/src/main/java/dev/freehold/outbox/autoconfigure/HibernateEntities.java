package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxException;
import dev.freehold.outbox.PublishedState;
import dev.freehold.outbox.PublishedStates;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.orm.jpa.JpaTransactionManager;

/** Finds the entities whose states are published, and what turns them into these. */
final class HibernateEntities {

    private HibernateEntities() {}

    /** Null if there is no JPA on the service's database, or if it is not clear which one is meant and nobody asks for it. */
    static @Nullable PublishedStates publishedStates(
            DataSource dataSource, Outbox outbox, ConfigurableListableBeanFactory beans) {
        List<JpaTransactionManager> managers = ServiceDatabase.managersOf(dataSource, beans).stream()
                .filter(JpaTransactionManager.class::isInstance)
                .map(JpaTransactionManager.class::cast)
                .toList();
        Class<?>[] entities = AnnotatedClasses.with(PublishedState.class, beans);
        if (managers.size() != 1) {
            if (entities.length > 0) {
                throw new OutboxException(
                        "@PublishedState %s has %d JPA transaction managers on the outbox's DataSource."
                                .formatted(entities[0].getName(), managers.size()),
                        "Have one; or define beans of type PublishedStates yourself, by PublishedStates.builder().");
            }
            return null;
        }
        PublishedStates.Builder builder = PublishedStates.builder();
        try {
            builder.outbox(outbox);
        } catch (OutboxException e) {
            if (entities.length == 0) {
                return null; // a test's, or another one of the user's, that stores nothing
            }
            throw e;
        }
        builder.transactionManager(managers.get(0)).entities(entities);
        for (Class<?> entity : entities) {
            addMapper(builder, entity, beans);
        }
        return builder.build();
    }

    private static <E, S> void addMapper(
            PublishedStates.Builder builder, Class<E> entity, ConfigurableListableBeanFactory beans) {
        @SuppressWarnings("unchecked") // it is compared with what the bean says
        Class<S> state = (Class<S>) Objects.requireNonNull(entity.getAnnotation(PublishedState.class))
                .as();
        ResolvableType type = ResolvableType.forClassWithGenerics(Function.class, entity, state);
        Function<E, S> mapper = beans.<Function<E, S>>getBeanProvider(type).getIfUnique();
        if (mapper != null) {
            builder.mapper(entity, state, mapper);
        }
    }
}
