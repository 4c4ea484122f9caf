package dev.freehold.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Flushes the persistence context of the current JPA transaction; loaded only where JPA is on the class path. */
final class PersistenceFlush implements Runnable {

    private final EntityManagerFactory factory;

    private PersistenceFlush(EntityManagerFactory factory) {
        this.factory = factory;
    }

    static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
        return manager instanceof JpaTransactionManager jpa ? jpa.getDataSource() : null;
    }

    static @Nullable Runnable of(PlatformTransactionManager manager) {
        return manager instanceof JpaTransactionManager jpa && jpa.getEntityManagerFactory() != null
                ? new PersistenceFlush(jpa.getEntityManagerFactory())
                : null;
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
