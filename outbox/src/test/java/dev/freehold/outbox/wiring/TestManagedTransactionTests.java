package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.Commit;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** A service's own tests run in a transaction that Spring's test framework begins and rolls back. */
@SpringJUnitConfig
@Transactional
class TestManagedTransactionTests {

    @RegisterExtension
    static final Database database = new Database();

    @Autowired
    private Service service;

    private String[] expected = {};

    @Test
    void storesNothingWhenTheTestRollsBack() {
        service.placeAndPublish("rolled back");
        assertThat(database.events()).isEmpty();
    }

    @Test
    @Commit
    void storesWhenTheTestCommits() {
        service.placeAndPublish("committed");
        expected = new String[] {"committed"};
    }

    @Test
    void storesWhenTheTestEndsItsTransaction() {
        service.placeAndPublish("first");
        TestTransaction.flagForCommit();
        TestTransaction.end();
        Refusal.of(() -> service.publish("between"), "inside @Transactional");
        TestTransaction.start();
        service.placeAndPublish("second");
        expected = new String[] {"first"};
    }

    @AfterTransaction
    void storedWithTheTransaction() {
        assertThat(database.orders()).containsExactly(expected);
        assertThat(database.events()).containsExactly(expected);
    }

    @Configuration(proxyBeanMethods = false)
    static class Wiring {
        @Bean
        Service service() {
            return Service.on(database.dataSource());
        }

        @Bean
        PlatformTransactionManager transactionManager(Service service) {
            return service.manager();
        }
    }
}
