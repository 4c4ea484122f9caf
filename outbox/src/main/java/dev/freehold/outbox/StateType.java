package dev.freehold.outbox;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.function.Function;
import org.hibernate.persister.entity.AbstractEntityPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PublishedState} declares of an entity, checked.
 *
 * @param entity class that the annotation is on
 * @param event what its states are as events
 * @param mapper makes a state of an entity
 * @param partlyWritten whether an update may leave parts as other transactions have written them since the entity was read,
 *     or lock none of what they lock: collections, columns that are not always written, other tables
 */
record StateType(Class<?> entity, EventType event, Function<Object, Object> mapper, boolean partlyWritten) {

    /**
     * @param mapper instead of the constructor, or null
     */
    static StateType of(EntityPersister persister, PublishedState declared, @Nullable Function<Object, Object> mapper) {
        Class<?> entity = persister.getMappedClass();
        return new StateType(
                entity,
                EventType.ofState(
                        entity, declared, persister.getIdentifierType().getReturnedClass()),
                mapper != null ? mapper : byConstructor(entity, declared.as()),
                isPartlyWritten(persister));
    }

    /** Of the entity or of one that inherits from it. */
    private static boolean isPartlyWritten(EntityPersister persister) {
        return persister.getSubclassEntityNames().stream()
                .map(persister.getFactory().getMappingMetamodel()::getEntityDescriptor)
                .anyMatch(each -> each.hasCollections()
                        || each.isDynamicUpdate()
                        || hasSeveralTables(each)
                        || !isAllUpdatable(each));
    }

    private static boolean hasSeveralTables(EntityPersister persister) {
        return persister instanceof AbstractEntityPersister known && known.getTableNames().length > 1;
    }

    private static boolean isAllUpdatable(EntityPersister persister) {
        for (boolean updatable : persister.getPropertyUpdateability()) {
            if (!updatable) {
                return false;
            }
        }
        return true;
    }

    private static Function<Object, Object> byConstructor(Class<?> entity, Class<?> state) {
        Constructor<?> constructor = Arrays.stream(state.getDeclaredConstructors())
                .filter(candidate ->
                        candidate.getParameterCount() == 1 && candidate.getParameterTypes()[0].isAssignableFrom(entity))
                .findFirst()
                .orElseThrow(() -> wrong(
                        entity,
                        "cannot be turned into " + state.getName(),
                        "Give %1$s a constructor %1$s(%2$s), or define a bean of type Function<%2$s, %1$s>."
                                .formatted(state.getSimpleName(), entity.getSimpleName())));
        if (java.lang.reflect.Modifier.isAbstract(state.getModifiers()) || !constructor.trySetAccessible()) {
            throw wrong(
                    entity,
                    "cannot be turned into " + state.getName(),
                    "Make that class concrete, and open its package to dev.freehold.outbox.");
        }
        return changed -> construct(constructor, changed);
    }

    private static Object construct(Constructor<?> constructor, Object entity) {
        try {
            return constructor.newInstance(entity);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // made accessible when the class was checked
        }
    }

    static OutboxException wrong(Class<?> entity, String what, String action) {
        return new OutboxException("@PublishedState %s %s.".formatted(entity.getName(), what), action);
    }

    Object stateOf(Object changed) {
        Object state = mapper.apply(changed);
        if (state == null) {
            throw wrong(
                    entity,
                    "was turned into nothing",
                    "Return a state for every entity; what others are not to see, leave out of the state.");
        }
        return state;
    }

    String keyOf(Object id) {
        return event.key().keyOf(id);
    }
}
