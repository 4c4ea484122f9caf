package dev.freehold.acceptance.faults.services;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Threads that order all the time while the service runs, as requests would. */
final class Customers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Customers.class);
    private static final int THREADS = 3;
    private static final int KEYS = 30;
    private static final int MOST_ORDERS = 3;
    private static final int ONE_IN_WITHDRAWN = 10;
    private static final long LONGEST_PAUSE_NANOS = 60_000_000;
    private static final long LONGEST_END_MILLIS = 5_000;

    private final Orders orders;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Customers(Orders orders) {
        this.orders = orders;
    }

    @Override
    public void start() {
        running = true;
        for (int n = 0; n < THREADS; n++) {
            Thread thread = new Thread(this::order, "customer-" + n);
            threads.add(thread);
            thread.start();
        }
    }

    private void order() {
        while (running) {
            try {
                orderOnce();
            } catch (DataAccessException | TransactionException e) {
                log.debug("An order failed, as requests do while the database is away", e);
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        }
    }

    private void orderOnce() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String customer = "customer-" + random.nextInt(KEYS);
        if (random.nextInt(ONE_IN_WITHDRAWN) == 0) {
            withdraw(customer);
        } else {
            orders.place(
                    customer,
                    Stream.generate(Customers::total)
                            .limit(random.nextInt(1, MOST_ORDERS + 1))
                            .toArray(BigDecimal[]::new));
        }
    }

    private void withdraw(String customer) {
        try {
            orders.placeAndWithdraw(customer, total());
        } catch (Orders.Withdrawn withdrawn) {
            log.trace("Rolled back", withdrawn);
        }
    }

    private static BigDecimal total() {
        return BigDecimal.valueOf(ThreadLocalRandom.current().nextLong(1, 100_000), 2);
    }

    /** Before relay and pool are stopped, as a web server is. */
    @Override
    public void stop() {
        running = false;
        try {
            for (Thread thread : threads) {
                thread.join(LONGEST_END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
