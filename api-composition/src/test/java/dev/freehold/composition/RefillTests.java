package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that ask for more roots because inner joins leave rows out. */
@Timeout(60)
class RefillTests {

    record Order(long id, long customerId) {}

    record Stock(long id) {}

    record Customer(long id) {}

    record Invoice(long id) {}

    @ComposedView(root = "orders", budget = "20s")
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Customer customer,

            @One(source = "invoices", key = "order.id") Part<Invoice> invoice,

            @One(source = "stocks", key = "order.id", join = Join.INNER)
            Stock stock) {}

    /** Stocks of even orders only; customers and invoices as the test says. */
    static class Sources {

        final List<Long> askedForCustomers = new ArrayList<>();
        final List<Long> askedForInvoices = new ArrayList<>();
        long brokenCustomer = -1;
        long absentCustomer = -1;
        boolean invoicesAreBroken;

        @RootSource(name = "orders", sort = "id")
        Slice<Order> orders(Keyset at, int limit) {
            long from = at.isStart() ? 0 : at.get(0, Long.class) + 1;
            return new Slice<>(
                    LongStream.range(from, from + limit)
                            .mapToObj(id -> new Order(id, id / 16))
                            .toList(),
                    true);
        }

        @Source(name = "customers", id = "id", maxBatch = 1, inline = true)
        List<Customer> customers(Set<Long> ids) {
            askedForCustomers.addAll(ids);
            if (ids.contains(brokenCustomer)) {
                throw new CallFailedException(Cause.CONNECTION, "it is away", null, null);
            }
            return ids.stream()
                    .filter(id -> id != absentCustomer)
                    .map(Customer::new)
                    .toList();
        }

        @Source(name = "invoices", id = "id", inline = true)
        List<Invoice> invoices(Set<Long> ids) {
            askedForInvoices.addAll(ids);
            if (invoicesAreBroken) {
                throw new CallFailedException(Cause.CONNECTION, "it is away", null, null);
            }
            return ids.stream().map(Invoice::new).toList();
        }

        @Source(name = "stocks", id = "id", inline = true)
        List<Stock> stocks(Set<Long> ids) {
            return ids.stream().filter(id -> id % 2 == 0).map(Stock::new).toList();
        }
    }

    private final Sources sources = new Sources();

    private Page<Row> page(int limit) {
        return page(Keyset.start(), limit);
    }

    private Page<Row> page(Keyset at, int limit) {
        try (Compositions compositions =
                Compositions.builder().sources(sources).views(Row.class).build()) {
            return compositions.view(Row.class).page(null, at, limit);
        }
    }

    private static List<Long> evenNumbers(int count) {
        return LongStream.range(0, count).map(i -> 2 * i).boxed().toList();
    }

    @Test
    void askForNoKeyTwice() {
        Page<Row> page = page(20);

        assertThat(page.rows()).extracting(row -> row.order().id()).containsExactlyElementsOf(evenNumbers(20));
        assertThat(page.analysis().root())
                .isNotNull()
                .satisfies(root -> assertThat(root.calls()).isEqualTo(2));
        assertThat(sources.askedForCustomers).doesNotHaveDuplicates().containsExactlyInAnyOrder(0L, 1L, 2L);
        assertThat(sources.askedForInvoices).doesNotHaveDuplicates().hasSize(40);
        assertThat(page.analysis().steps().get(0).asked()).isEqualTo(3);
        assertThat(page.analysis().steps().get(0).calls()).isEqualTo(3);
    }

    @Test
    void endBeforeWhatFailsAMoreDistantRow() {
        sources.brokenCustomer = 2; // that of the orders from 32 on, which the first twenty are not among

        Page<Row> page = page(20);

        assertThat(page.rows()).extracting(row -> row.order().id()).containsExactlyElementsOf(evenNumbers(10));
        assertThat(page.next()).isEqualTo(Keyset.after(19L));
        assertThat(page.isComplete()).isTrue();
        assertThatExceptionOfType(SourceUnavailableException.class)
                .isThrownBy(() -> page(page.nextPage().orElseThrow(), 20));
    }

    @Test
    void countNoGapsOfRowsThatAreNotShown() {
        sources.invoicesAreBroken = true;

        Page<Row> page = page(20);

        assertThat(page.rows()).hasSize(20);
        assertThat(page.missing())
                .singleElement()
                .satisfies(missing -> assertThat(missing.rows()).isEqualTo(20));
    }

    @ComposedView(root = "orders", budget = "20s")
    record Single(
            @Root Order order,
            @One(source = "customers", key = "order.id") Customer customer,

            @One(source = "stocks", key = "order.id", join = Join.INNER)
            Stock stock) {}

    @Test
    void doNotMindWhatIsAbsentInARowThatIsLeftOut() {
        sources.absentCustomer = 3;
        try (Compositions compositions =
                Compositions.builder().sources(sources).views(Single.class).build()) {
            View<Single, Void> view = compositions.view(Single.class);

            assertThat(view.page(null, Keyset.start(), 10).rows()).hasSize(10);

            sources.absentCustomer = 2;
            assertThatExceptionOfType(AbsentPartException.class).isThrownBy(() -> view.page(null, Keyset.start(), 10));
        }
    }
}
