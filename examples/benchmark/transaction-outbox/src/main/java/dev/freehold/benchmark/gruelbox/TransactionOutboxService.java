package dev.freehold.benchmark.gruelbox;

import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import dev.freehold.benchmark.Service;

/** Writes through the library's own transactions; what else runs is for {@code shutdown} to end. */
record TransactionOutboxService(
        ThreadLocalContextTransactionManager transactions, TransactionOutbox outbox, AutoCloseable shutdown)
        implements Service {

    @Override
    public void inTransaction(Work work) throws Exception {
        transactions.inTransactionThrows(transaction -> work.run(
                transaction.connection(),
                order -> outbox.schedule(OrderSender.class).send(order.key(), order.json())));
    }

    @Override
    public void close() throws Exception {
        shutdown.close();
    }
}
