package dev.freehold.benchmark;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A transaction that has published an event and stays open, on a thread of its own. */
final class HeldTransaction {

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final FutureTask<Boolean> work;

    private HeldTransaction(Service service, Order order) {
        this.work = new FutureTask<>(() -> run(service, order), true);
    }

    /** Returns when everything but the commit has been done. */
    static HeldTransaction open(Service service, Order order) throws InterruptedException, ExecutionException {
        HeldTransaction transaction = new HeldTransaction(service, order);
        new Thread(transaction.work, "held").start();
        transaction.held.await();
        if (transaction.work.isDone()) {
            transaction.work.get();
        }
        return transaction;
    }

    /** Publishes an event in a transaction that is prepared, and left to whoever commits it by this name. */
    static void prepare(Service service, Order order, String name) throws Exception {
        HoldableTransactions.run(service, (connection, publisher) -> publisher.publish(order), connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PREPARE TRANSACTION '" + name + "'");
            }
        });
    }

    void commit() throws InterruptedException, ExecutionException {
        released.countDown();
        work.get();
    }

    private void run(Service service, Order order) {
        try {
            HoldableTransactions.run(service, (connection, publisher) -> publisher.publish(order), this::hold);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            held.countDown();
        }
    }

    private void hold(Connection connection) throws SQLException, InterruptedException {
        held.countDown();
        released.await();
        connection.commit();
    }
}
