package dev.freehold.outbox;

import dev.freehold.outbox.internal.TransactionManagers;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Flushes the persistence context of the current JPA transaction; loaded only where JPA is used. */
final class PersistenceFlush implements Runnable {

    private final JpaTransactionManager manager;
    private final EntityManagerFactory factory;

    private PersistenceFlush(JpaTransactionManager manager, EntityManagerFactory factory) {
        this.manager = manager;
        this.factory = factory;
    }

    /** Does nothing for a manager that has no persistence context. */
    static Runnable of(PlatformTransactionManager manager) {
        return TransactionManagers.isJpa(manager) ? ofJpa((JpaTransactionManager) manager) : () -> {};
    }

    private static Runnable ofJpa(JpaTransactionManager manager) {
        EntityManagerFactory factory = manager.getEntityManagerFactory();
        return factory == null ? () -> {} : new PersistenceFlush(manager, factory);
    }

    /** Fails as the commit would have: with Spring's exceptions, so callers see no difference. */
    @Override
    public void run() {
        if (TransactionSynchronizationManager.getResource(factory) instanceof EntityManagerHolder holder) {
            EntityManager entityManager = holder.getEntityManager();
            if (isManual(entityManager)) {
                return;
            }
            try {
                entityManager.flush();
            } catch (RuntimeException e) {
                throw DataAccessUtils.translateIfNecessary(e, manager.getJpaDialect());
            }
        }
    }

    /** With Hibernate's manual flush mode the commit writes nothing either; flushing would surprise. */
    private static boolean isManual(EntityManager entityManager) {
        return "MANUAL".equals(String.valueOf(entityManager.getProperties().get("org.hibernate.flushMode")));
    }
}
