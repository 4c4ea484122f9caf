package dev.freehold.quickstart;

import dev.freehold.servers.Database;
import dev.freehold.servers.EmbeddedServers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs the service once on embedded servers, and shows what it does. Leave this class out of a service of your own. */
final class TryIt {

    private static final Logger log = LoggerFactory.getLogger(TryIt.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private TryIt() {}

    public static void main(String[] args) throws InterruptedException {
        log.info("Starting PostgreSQL and Kafka");
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(done)));
        try (EmbeddedServers servers = EmbeddedServers.start();
                ConfigurableApplicationContext service = start(servers)) {
            run(service.getBean(Orders.class), service.getBean(JdbcClient.class));
        } finally {
            done.countDown();
        }
    }

    /** At Ctrl-C, too, the servers are stopped: the few seconds that are left are waited for. */
    private static void await(CountDownLatch done) {
        try {
            done.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Orders orders, JdbcClient jdbc) throws InterruptedException {
        orders.place(new BigDecimal("42.00"));
        awaitBills(jdbc, 1);
        try {
            orders.place(new BigDecimal("5000.00"));
        } catch (IllegalArgumentException refused) {
            log.info("Rolled back: {}", refused.getMessage());
        }
        orders.place(new BigDecimal("7.50"));
        awaitBills(jdbc, 2);
        log.info(
                "In the database: {} orders, {} events, {} bills",
                count(jdbc, "orders"),
                count(jdbc, "outbox_event"),
                count(jdbc, "bill"));
    }

    private static ConfigurableApplicationContext start(EmbeddedServers servers) {
        Database database = servers.createDatabase("quickstart", "quickstart");
        SpringApplication service = new SpringApplication(QuickstartApplication.class);
        service.setBannerMode(Banner.Mode.OFF);
        service.setLogStartupInfo(false);
        service.setRegisterShutdownHook(false);
        return service.run(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.password=" + database.password(),
                "--spring.kafka.bootstrap-servers=" + servers.bootstrapServers());
    }

    private static void awaitBills(JdbcClient jdbc, int expected) throws InterruptedException {
        long start = System.nanoTime();
        while (count(jdbc, "bill") < expected) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException("no bill within " + LIMIT);
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static int count(JdbcClient jdbc, String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
    }
}
