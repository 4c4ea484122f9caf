package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.OutboxDatabase;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.hibernate.Hibernate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.OptimisticLockingFailureException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many writers change the same entities in every way that Hibernate knows, pausing anywhere, while all rows are published
 * again and again. Every part of a state only grows here, so an older one after a newer one shows.
 */
class StateOrderTests {

    private static final boolean FULL = Boolean.getBoolean("freehold.full");
    private static final int TRANSACTIONS = 3_000;
    private static final int WRITERS = 10;
    private static final int KEYS = 4;

    private final States states = new States(OutboxDatabase.postgres(16));
    private final JsonMapper json = new JsonMapper();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger publishedAgain = new AtomicInteger();

    @BeforeEach
    void prepare() {
        states.inTransaction(entities -> {
            for (int key = 0; key < KEYS; key++) {
                entities.persist(new Customer(key, "0"));
                entities.persist(new Stock("s" + key));
            }
        });
    }

    @AfterEach
    void close() {
        states.close();
    }

    /** Anew each time, since the states grow all the time. */
    static IntStream rounds() {
        return IntStream.range(0, FULL ? 12 : 1);
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void neverPublishesAnOlderStateAfterANewerOne(int round) throws Exception {
        AtomicReference<Boolean> writing = new AtomicReference<>(true);
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            List<Future<Void>> writers = IntStream.range(0, WRITERS)
                    .mapToObj(n -> executor.submit((Callable<Void>) () -> write(n, round)))
                    .toList();
            Future<Void> backfill = executor.submit(() -> publishAll(writing));
            for (Future<Void> writer : writers) {
                writer.get();
            }
            writing.set(false);
            backfill.get();
        } finally {
            executor.shutdownNow();
        }

        assertThat(committed).hasValueGreaterThan(TRANSACTIONS / 2);
        assertThat(publishedAgain).hasValueGreaterThan(KEYS * 10);
        assertThat(outOfOrder()).isEmpty();
        assertThat(last()).isEqualTo(present());
    }

    private Void publishAll(AtomicReference<Boolean> writing) {
        while (writing.get()) {
            publishedAgain.addAndGet((int) states.published.publishAll(Customer.class, 3));
            publishedAgain.addAndGet((int) states.published.publishAll(Stock.class, 3));
        }
        return null;
    }

    /** The first writer of a key alone changes one column of its stock, the second the other one. */
    private Void write(int writer, int round) {
        Random random = new Random(31L * round + writer);
        for (int n = 0; n < TRANSACTIONS / WRITERS; n++) {
            int key = random.nextInt(KEYS);
            int kind = random.nextInt(5);
            long child = writer * 1_000_000L + n;
            try {
                states.transaction.executeWithoutResult(status -> {
                    change(states.entities, key, kind, child, writer, random);
                    pause(random);
                    if (random.nextInt(10) == 0) {
                        status.setRollbackOnly();
                    }
                });
                committed.incrementAndGet();
            } catch (OptimisticLockingFailureException | OptimisticLockException | CannotAcquireLockException e) {
                // another one was first; the next change will do
            }
        }
        return null;
    }

    private static void change(EntityManager entities, int key, int kind, long child, int writer, Random random) {
        Customer customer = entities.find(Customer.class, (long) key);
        Stock stock = entities.find(Stock.class, "s" + writer % KEYS);
        Hibernate.initialize(customer.addresses);
        Hibernate.initialize(customer.tags);
        pause(random);
        switch (kind) {
            case 0 -> customer.name = String.valueOf(Long.parseLong(customer.name) + 1);
            case 1 -> customer.tags.add("t" + child);
            case 2 -> customer.addresses.add(new Address(child, customer, "c" + child));
            case 3 -> {
                customer.addresses.add(new Address(child, customer, "c" + child));
                entities.flush();
                entities.clear();
            }
            default -> {
                if (writer / KEYS == 0) {
                    stock.onHand++;
                } else if (writer / KEYS == 1) {
                    stock.reserved++;
                }
            }
        }
        if (random.nextBoolean()) {
            entities.flush();
        }
    }

    private static void pause(Random random) {
        if (random.nextInt(3) == 0) {
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
    }

    private List<String> outOfOrder() {
        List<String> inversions = new ArrayList<>();
        Map<String, int[]> before = new HashMap<>();
        for (String line : states.log()) {
            int[] sizes = sizes(line);
            int[] earlier = before.put(key(line), sizes);
            for (int n = 0; earlier != null && n < sizes.length; n++) {
                if (sizes[n] < earlier[n]) {
                    inversions.add(line);
                }
            }
        }
        return inversions;
    }

    private int[] sizes(String line) {
        JsonNode state = json.readTree(line.substring(line.indexOf('{')));
        return state.has("sku")
                ? new int[] {state.get("onHand").asInt(), state.get("reserved").asInt()}
                : new int[] {
                    state.get("version").asInt(),
                    state.get("name").asInt(),
                    state.get("tags").size(),
                    state.get("cities").size()
                };
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf('{'));
    }

    private Map<String, String> last() {
        Map<String, String> last = new HashMap<>();
        states.log().forEach(line -> last.put(key(line), line));
        return last;
    }

    /** What the tables have in the end. */
    private Map<String, String> present() {
        Map<String, String> present = new HashMap<>();
        states.inTransaction(entities -> {
            for (int key = 0; key < KEYS; key++) {
                Stock stock = entities.find(Stock.class, "s" + key);
                add(present, "stock s" + key + " ", new Stock.Level(stock.sku, stock.onHand, stock.reserved));
                add(present, "customers " + key + " ", new CustomerState(entities.find(Customer.class, (long) key)));
            }
        });
        return present;
    }

    private void add(Map<String, String> present, String key, Object state) {
        present.put(key, key + json.writeValueAsString(state));
    }
}
