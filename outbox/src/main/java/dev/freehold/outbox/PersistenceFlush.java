package dev.freehold.outbox;

import dev.freehold.outbox.internal.TransactionManagers;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Flushes the persistence context of the current JPA transaction; loaded only where JPA is used. */
final class PersistenceFlush implements Runnable {

    private final Object factory;

    private PersistenceFlush(EntityManagerFactory factory) {
        this.factory = factory;
    }

    /** Does nothing for a manager that has no persistence context. */
    static Runnable of(PlatformTransactionManager manager) {
        Object factory = TransactionManagers.entityManagerFactoryOf(manager);
        return factory == null ? () -> {} : new PersistenceFlush((EntityManagerFactory) factory);
    }

    @Override
    public void run() {
        if (TransactionSynchronizationManager.getResource(factory) instanceof EntityManagerHolder holder) {
            EntityManager entityManager = holder.getEntityManager();
            if (!isManual(entityManager)) {
                entityManager.flush();
            }
        }
    }

    /** With Hibernate's manual flush mode the commit writes nothing either; flushing would surprise. */
    private static boolean isManual(EntityManager entityManager) {
        return "MANUAL".equals(String.valueOf(entityManager.getProperties().get("org.hibernate.flushMode")));
    }
}
