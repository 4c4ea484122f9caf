package dev.freehold.benchmark.modulith;

import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.SpringTransactions;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;

/** A running application with Spring Modulith's event publication registry. */
final class ModulithService implements Service {

    private final ConfigurableApplicationContext context;
    private final SpringTransactions transactions;

    ModulithService(ConfigurableApplicationContext context) {
        this.context = context;
        this.transactions = new SpringTransactions(
                context.getBean(PlatformTransactionManager.class), context.getBean(DataSource.class));
    }

    @Override
    public void inTransaction(Work work) {
        transactions.run(work, (connection, order) -> context.publishEvent(order));
    }

    @Override
    public void close() {
        context.close();
    }
}
