package dev.freehold.outbox;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.function.Function;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PublishedState} declares of an entity, checked.
 *
 * @param entity class that the annotation is on
 * @param event what its states are as events
 * @param mapper makes a state of an entity
 * @param partlyWritten whether an update may leave parts as other transactions have written them since the entity was read:
 *     its collections, or columns that it has not changed and no version protects
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
                persister.hasCollections() || (persister.isDynamicUpdate() && !persister.isVersioned()));
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
