package dev.freehold.outbox.wiring;

import dev.freehold.outbox.Outbox;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A correctly set up service that places orders and tells of them. */
record Service(DataSource dataSource, PlatformTransactionManager manager, Outbox outbox) {

    static Service on(DataSource dataSource) {
        return on(dataSource, new DataSourceTransactionManager(dataSource));
    }

    static Service on(DataSource dataSource, PlatformTransactionManager manager) {
        Outbox outbox = Outbox.builder()
                .dataSource(dataSource)
                .transactionManager(manager)
                .build();
        return new Service(dataSource, manager, outbox);
    }

    /** Inserts the business row. */
    void place(String id) {
        Database.placeOrder(dataSource, id);
    }

    void publish(String id) {
        outbox.publish(new OrderPlaced(id));
    }

    void placeAndPublish(String id) {
        place(id);
        publish(id);
    }

    TransactionTemplate transaction() {
        return new TransactionTemplate(manager);
    }

    TransactionTemplate transaction(int propagation) {
        TransactionTemplate template = transaction();
        template.setPropagationBehavior(propagation);
        return template;
    }

    void inTransaction(Runnable work) {
        transaction().executeWithoutResult(status -> work.run());
    }

    /** Spring's own wiring around this service; the caller closes it. */
    AnnotationConfigApplicationContext context(Class<?>... components) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(Service.class, () -> this);
        context.registerBean(Outbox.class, () -> outbox);
        context.registerBean(PlatformTransactionManager.class, () -> manager);
        List.of(components).forEach(context::register);
        context.refresh();
        return context;
    }
}
