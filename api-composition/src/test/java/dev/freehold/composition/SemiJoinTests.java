package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that are filtered by what another service knows. */
@Timeout(60)
class SemiJoinTests {

    record Order(long id, long customerId, String status) {}

    record Customer(long id, String country) {}

    record Filter(
            @Nullable String status,
            @Nullable String country,
            @Nullable Integer colour) {}

    /** Order n is of customer n modulo 10; customers below 3 live in Delft's country. */
    static class Sources {

        final List<String> asked = new ArrayList<>();
        boolean heeds = true;
        Finding finding = limit -> LongStream.range(0, 3).boxed().toList();

        interface Finding {
            @Nullable
            List<Long> find(int limit) throws Exception;
        }

        @RootSource(name = "orders", sort = "id", filters = "status")
        synchronized List<Order> orders(
                Filter filter, @SemiJoin("customerId") @Nullable Set<Long> customers, Keyset at, int limit) {
            asked.add("orders of "
                    + (customers == null ? "any" : customers.stream().sorted().toList()));
            long after = at.isStart() ? -1 : at.get(0, Long.class);
            return LongStream.range(after + 1, 100)
                    .mapToObj(id -> new Order(id, id % 10, id % 2 == 0 ? "even" : "odd"))
                    .filter(order -> filter.status() == null || filter.status().equals(order.status()))
                    .filter(order -> !heeds || customers == null || customers.contains(order.customerId()))
                    .limit(limit)
                    .toList();
        }

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            return ids.stream()
                    .map(id -> new Customer(id, id < 3 ? "nl" : "de"))
                    .toList();
        }

        @KeySource(source = "customers", maxKeys = 5)
        @Nullable
        List<Long> in(String country, int limit) throws Exception {
            synchronized (this) {
                asked.add("customers in " + country + ", " + limit);
            }
            return finding.find(limit);
        }
    }

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", filter = "country")
            Part<Customer> customer) {}

    @ComposedView(root = "orders", budget = "200ms")
    record QuickRow(
            @Root Order order,

            @One(source = "customers", key = "order.customerId", filter = "country")
            Part<Customer> customer) {}

    private final Sources sources = new Sources();
    private final Compositions compositions = Compositions.builder()
            .sources(sources)
            .views(Row.class, QuickRow.class)
            .build();
    private final View<Row, Filter> view = compositions.view(Row.class, Filter.class);

    @AfterEach
    void close() {
        compositions.close();
    }

    private static Filter in(String country) {
        return new Filter(null, country, null);
    }

    @Test
    void haveNoOtherRows() {
        List<Row> rows = view.pages(new Filter("even", "nl", null), Keyset.start(), 7)
                .flatMap(page -> page.rows().stream())
                .toList();

        assertThat(rows).hasSize(20).allSatisfy(row -> {
            assertThat(row.customer().optional())
                    .get()
                    .extracting(Customer::country)
                    .isEqualTo("nl");
            assertThat(row.order().status()).isEqualTo("even");
        });
    }

    @Test
    void askForTheKeysFirst() {
        view.page(in("nl"), Keyset.start(), 10);

        assertThat(sources.asked).containsExactly("customers in nl, 6", "orders of [0, 1, 2]");
    }

    @Test
    void askForNoKeysIfAnyWillDo() {
        Page<Row> page = view.page(new Filter("odd", null, null), Keyset.start(), 10);

        assertThat(sources.asked).containsExactly("orders of any");
        assertThat(page.rows()).hasSize(10);
    }

    @Test
    void areEmptyWithoutAskingForRowsIfNothingMatches() {
        sources.finding = limit -> List.of();

        Page<Row> page = view.page(in("nl"), Keyset.start(), 10);

        assertThat(page.rows()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.isComplete()).isTrue();
        assertThat(sources.asked).containsExactly("customers in nl, 6");
    }

    @Test
    void failIfTooManyMatch() {
        sources.finding = limit -> LongStream.range(0, limit).boxed().toList();

        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> view.page(in("nl"), Keyset.start(), 10))
                .withMessageContaining("more than 5 keys match 'country'")
                .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Cause.TOO_LARGE));
        assertThat(sources.asked).containsExactly("customers in nl, 6");
    }

    /** Without the keys, rows would be wrong, not incomplete. */
    @Test
    void failIfTheKeysAreUnavailable() {
        sources.finding = limit -> {
            throw new IllegalStateException("away");
        };
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> view.page(in("nl"), Keyset.start(), 10))
                .withMessageContaining("filter country")
                .withMessageContaining("away");

        sources.finding = limit -> null;
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> view.page(in("nl"), Keyset.start(), 10))
                .withMessageContaining("null in place of keys");
    }

    @Test
    void failWithinTheirBudget() {
        sources.finding = limit -> {
            new CountDownLatch(1).await();
            return List.of();
        };
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(
                        () -> compositions.view(QuickRow.class, Filter.class).page(in("nl"), Keyset.start(), 10))
                .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Cause.TIMEOUT));
    }

    @Test
    void findARootOutThatDoesNotHeedTheKeys() {
        sources.heeds = false;

        assertThatExceptionOfType(CompositionException.class)
                .isThrownBy(() -> view.page(in("nl"), Keyset.start(), 10))
                .withMessageContaining("heed the keys of its semi-join by 'customerId'");
    }

    @Test
    void areRefusedByWhatNobodyHeeds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.page(new Filter(null, null, 7), Keyset.start(), 10))
                .withMessageContaining("Row is not filtered by 'colour'");
        assertThat(sources.asked).isEmpty();
    }

    @Test
    void areExplained() {
        assertThat(view.plan().toString()).isEqualTo("""
                EXPLAIN Row  budget 20s  3 calls one after the other
                  order     root  orders     by id             filters status, country (customers, up to 5 keys)
                  customer  one   customers  order.customerId  100 keys a call""");
    }
}
