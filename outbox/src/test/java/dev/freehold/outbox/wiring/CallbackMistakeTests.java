package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.Outbox;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What the outbox was given to call does not work: the business transaction does not suffer from it. */
class CallbackMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private final DataSourceTransactionManager manager = new DataSourceTransactionManager(database.dataSource());

    private Outbox.Builder builder() {
        return Outbox.builder().dataSource(database.dataSource()).transactionManager(manager);
    }

    private void placeAndPublish(Outbox.Builder builder) {
        Service service = new Service(database.dataSource(), manager, builder.build());
        service.inTransaction(() -> service.placeAndPublish("1"));
    }

    @Test
    void commitsQuietlyWhenTheRelayCannotBeWoken() {
        AtomicInteger calls = new AtomicInteger();
        placeAndPublish(builder().afterCommit(() -> {
            calls.incrementAndGet();
            throw new IllegalStateException("nobody is there");
        }));

        assertThat(calls).hasValue(1);
        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("1");
    }

    @Test
    void leavesOutATraceContextThatIsTooLong() {
        placeAndPublish(builder().traceparent(() -> "0".repeat(65)));

        assertThat(database.orders()).containsExactly("1");
        assertThat(traceparents()).isEqualTo("none");
    }

    @Test
    void keepsATraceContextOfTheGreatestLength() {
        placeAndPublish(builder().traceparent(() -> "0".repeat(64)));

        assertThat(traceparents()).isEqualTo("0".repeat(64));
    }

    private static String traceparents() {
        return String.valueOf(new JdbcTemplate(database.dataSource())
                .queryForObject("SELECT coalesce(traceparent, 'none') FROM outbox_event", String.class));
    }
}
