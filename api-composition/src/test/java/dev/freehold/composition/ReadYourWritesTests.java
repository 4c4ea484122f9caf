package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/**
 * Pages over a copy that lags behind what is written, with all that may show something old: caches, shared calls, hedges and retries.
 * A page with the token of a write shows it, or says that it may not.
 */
@Timeout(300)
class ReadYourWritesTests {

    private static final int THREADS = 8;
    private static final int WRITES = Boolean.getBoolean("freehold.full") ? 20_000 : 2_000;
    private static final int ITEMS = 40;

    record Item(long id) {}

    record Version(long id, long number) {}

    record Change(long id, long number) {}

    @ComposedView(budget = "20s")
    record Row(
            @Root Item item,
            @One(source = "kept", key = "item.id") Part<Version> kept,
            @One(source = "plain", key = "item.id") Part<Version> plain,
            @Many(source = "changes", key = "item.id") Part<List<Change>> changes) {}

    /** What is written, and a copy of it that is some writes behind. */
    private static final class Store {

        private final List<Version> log = new ArrayList<>();
        private final Map<Long, Version> written = new HashMap<>();
        private final Map<Long, Version> copied = new HashMap<>();
        private int position;

        /** A write, and the position of the log behind it. */
        record Written(Version version, int position) {}

        synchronized Written write(long id) {
            Version next =
                    new Version(id, written.containsKey(id) ? written.get(id).number() + 1 : 1);
            written.put(id, next);
            log.add(next);
            return new Written(next, log.size());
        }

        /** Copies some more. */
        synchronized void goOn(int to) {
            for (; position < Math.min(to, log.size()); position++) {
                Version next = log.get(position);
                copied.put(next.id(), next);
            }
        }

        synchronized int position() {
            return position;
        }

        synchronized List<Version> read(Collection<Long> ids) {
            return ids.stream().map(copied::get).filter(Objects::nonNull).toList();
        }
    }

    static class Sources {

        private final Store store = new Store();
        private final AtomicInteger missed = new AtomicInteger();

        /** Waits until the copy has got so far, or does not. */
        private void reach() throws IOException {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (random.nextInt(10) == 0) {
                throw new IOException("broken");
            }
            if (random.nextInt(6) == 0) {
                store.goOn(store.position() + random.nextInt(30));
            }
            Consistency wanted = Consistency.current();
            if (wanted.token().isEmpty()) {
                return;
            }
            int position = Integer.parseInt(wanted.token().get());
            if (store.position() < position && random.nextInt(4) == 0) {
                store.goOn(position);
            }
            if (store.position() < position) {
                missed.incrementAndGet();
                wanted.missed();
            }
            Thread.yield();
        }

        @Source(
                name = "kept",
                id = "id",
                cache = "kept",
                freshFor = "1m",
                staleFor = "10m",
                absentFor = "1m",
                forEverybody = true,
                hedgeAfter = "1ms",
                maxBatch = 7,
                heedsToken = true)
        List<Version> kept(Set<Long> ids) throws IOException {
            reach();
            return store.read(ids);
        }

        @Source(name = "plain", id = "id", forEverybody = true, heedsToken = true)
        List<Version> plain(Set<Long> ids) throws IOException {
            reach();
            return store.read(ids);
        }

        @Source(name = "changes", groupBy = "id", heedsToken = true)
        List<Change> changes(List<Long> ids) throws IOException {
            reach();
            return store.read(ids).stream()
                    .map(version -> new Change(version.id(), version.number()))
                    .toList();
        }
    }

    /** One in ten is asked twice. */
    private static final CallPolicies RETRIES = source -> attempt -> {
        Object answer = attempt.run();
        return ThreadLocalRandom.current().nextInt(10) == 0 ? attempt.run() : answer;
    };

    private final Sources sources = new Sources();
    private final AtomicReferenceArray<Store.@Nullable Written> latest = new AtomicReferenceArray<>(ITEMS);
    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong said = new AtomicLong();
    private final Map<String, Integer> wrong = new ConcurrentHashMap<>();

    @Test
    void showsWhatWasWrittenOrSaysThatItMayNot() throws Exception {
        try (Compositions compositions = Compositions.builder()
                .sources(sources)
                .views(Row.class)
                .policies(RETRIES)
                .scope(() -> "everybody")
                .caches(new ConcurrentMapCacheManager("kept"))
                .concurrency(64)
                .build()) {
            View<Row, Void> view = compositions.view(Row.class);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                all.add(threads.submit(() -> writeAndRead(view, random)));
            }
            for (Future<?> one : all) {
                one.get();
            }
            threads.shutdown();
        }

        assertThat(wrong).isEmpty();
        long checked = 3L * 2 * THREADS * WRITES;
        assertThat(seen.get()).as("shown").isGreaterThan(checked / 4);
        assertThat(said.get()).as("said to be behind").isGreaterThan(checked / 50);
        assertThat(sources.missed).hasPositiveValue();
    }

    private void writeAndRead(View<Row, Void> view, Random random) {
        for (int i = 0; i < WRITES; i++) {
            int item = random.nextInt(ITEMS);
            Store.Written own = sources.store.write(item);
            latest.set(item, own);
            read(view, own, random);
            int another = random.nextInt(ITEMS);
            Store.Written others = latest.get(another);
            read(view, others == null ? own : others, random);
            view.compose(items(item, random)); // without a token: fills caches with what is old
        }
    }

    private void read(View<Row, Void> view, Store.Written written, Random random) {
        try (Consistency.Scope scope =
                Consistency.of(String.valueOf(written.position())).open()) {
            Page<Row> page = view.compose(items(written.version().id(), random));
            Row row = page.rows().get(0);
            check("kept", written, page, row.kept().map(Version::number));
            check("plain", written, page, row.plain().map(Version::number));
            check(
                    "changes",
                    written,
                    page,
                    row.changes()
                            .map(changes ->
                                    changes.isEmpty() ? 0L : changes.get(0).number()));
        }
    }

    private static List<Item> items(long first, Random random) {
        List<Item> items = new ArrayList<>(List.of(new Item(first)));
        for (int i = random.nextInt(10); i > 0; i--) {
            items.add(new Item(random.nextInt(ITEMS)));
        }
        return items;
    }

    private void check(String component, Store.Written written, Page<Row> page, Part<Long> part) {
        if (part instanceof Part.Unavailable) {
            return;
        }
        if (part instanceof Part.Found<Long> found
                && found.value() >= written.version().number()) {
            seen.incrementAndGet();
        } else if (part instanceof Part.Found<Long> found && found.stale() && page.stale()) {
            said.incrementAndGet();
        } else {
            wrong.merge(component, 1, Integer::sum);
        }
    }
}
