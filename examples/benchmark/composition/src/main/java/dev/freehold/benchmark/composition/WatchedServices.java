package dev.freehold.benchmark.composition;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Services that take their time, and know how they were asked. */
final class WatchedServices implements Services {

    private final Services services;
    private final Duration delay;
    private final Set<String> away;
    private final Map<Question, AtomicInteger> questions = new ConcurrentHashMap<>();
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();

    private WatchedServices(Services services, Duration delay, Set<String> away) {
        this.services = services;
        this.delay = delay;
        this.away = away;
    }

    /** Each of them answers after that time. */
    static WatchedServices slow(Services services, Duration delay) {
        return new WatchedServices(services, delay, Set.of());
    }

    /** All of them answer at once, but for one that always fails. */
    static WatchedServices without(String source, Services services) {
        return new WatchedServices(services, Duration.ZERO, Set.of(source));
    }

    /** How often a source was asked. */
    int calls(String source) {
        return flight(source).calls.get();
    }

    /** How many calls of a source there were at once, at most. */
    int peak(String source) {
        return flight(source).peak.get();
    }

    /** How often the same source was asked for the same keys, at most. */
    int mostCallsOfAQuestion() {
        return questions.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
    }

    @Override
    public List<Customer> customers(Collection<Long> ids) {
        return ask("customers", ids, () -> services.customers(ids));
    }

    @Override
    public List<Address> addresses(Collection<Long> ids) {
        return ask("addresses", ids, () -> services.addresses(ids));
    }

    @Override
    public List<Shipment> shipments(Collection<Long> orderIds) {
        return ask("shipments", orderIds, () -> services.shipments(orderIds));
    }

    @Override
    public List<Product> products(Collection<String> skus) {
        return ask("products", skus, () -> services.products(skus));
    }

    private <T> List<T> ask(String source, Collection<?> keys, Supplier<List<T>> answer) {
        Flight flight = flight(source);
        flight.begin();
        try {
            questions
                    .computeIfAbsent(new Question(source, Set.copyOf(keys)), question -> new AtomicInteger())
                    .incrementAndGet();
            if (away.contains(source)) {
                throw new UncheckedIOException(new IOException(source + " is away"));
            }
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException(source + " was interrupted"));
        } finally {
            flight.end();
        }
    }

    private Flight flight(String source) {
        return flights.computeIfAbsent(source, name -> new Flight());
    }

    private record Question(String source, Set<?> keys) {}

    /** The calls of one source. */
    private static final class Flight {

        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();

        private void begin() {
            calls.incrementAndGet();
            peak.accumulateAndGet(now.incrementAndGet(), Math::max);
        }

        private void end() {
            now.decrementAndGet();
        }
    }
}
