package dev.freehold.benchmark.namastack;

import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.SpringTransactions;
import io.namastack.outbox.Outbox;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;

/** A running application with Namastack Outbox. */
final class NamastackService implements Service {

    private final ConfigurableApplicationContext context;
    private final SpringTransactions transactions;
    private final Outbox outbox;

    NamastackService(ConfigurableApplicationContext context) {
        this.context = context;
        this.transactions = new SpringTransactions(
                context.getBean(PlatformTransactionManager.class), context.getBean(DataSource.class));
        this.outbox = context.getBean(Outbox.class);
    }

    @Override
    public void inTransaction(Work work) {
        transactions.run(work, (connection, order) -> outbox.schedule(order, order.key()));
    }

    @Override
    public void close() {
        context.close();
    }
}
