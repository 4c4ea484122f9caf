package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.inbox.Inbox;
import dev.freehold.outbox.internal.ActionableException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** An inbox must note ids in the transaction of their effects, or it does not help. */
class InboxMistakeTests {

    @RegisterExtension
    static final Database database = new Database();

    private static DataSourceTransactionManager manager;
    private static Inbox inbox;

    @BeforeAll
    static void start() {
        manager = new DataSourceTransactionManager(database.dataSource());
        inbox = Inbox.builder()
                .dataSource(database.dataSource())
                .transactionManager(manager)
                .build();
    }

    @Test
    void refusesAnInboxWithoutDataSource() {
        Refusal.of(() -> Inbox.builder().transactionManager(manager).build(), "dataSource(");
    }

    @Test
    void refusesAnInboxWithoutTransactionManager() {
        Refusal.of(() -> Inbox.builder().dataSource(database.dataSource()).build(), "transactionManager(");
    }

    @Test
    void refusesAManagerOfAnotherDataSource() {
        Refusal.of(
                () -> Inbox.builder()
                        .dataSource(database.dataSource())
                        .transactionManager(new DataSourceTransactionManager(database.otherDataSource()))
                        .build(),
                "same DataSource bean");
    }

    @Test
    void acceptsTheSameDatabaseBehindAProxyThatSpringKnows() {
        Inbox behindProxy = Inbox.builder()
                .dataSource(new TransactionAwareDataSourceProxy(database.dataSource()))
                .transactionManager(manager)
                .build();

        assertThat(behindProxy.once("proxy", "1", () -> {})).isTrue();
        assertThat(inbox.once("proxy", "1", () -> {})).isFalse();
    }

    @Test
    void refusesABlankOrLongConsumerName() {
        Refusal.of(() -> inbox.once(" ", "1", () -> {}), "1 to 255 characters", "stays the same for ever");
        Refusal.of(() -> inbox.once("c".repeat(256), "1", () -> {}), "1 to 255 characters");
    }

    /** Handlers would take messages for handled that they have never seen. */
    @Test
    void refusesTheNameOfHandlers() {
        Refusal.of(() -> inbox.once("outbox-handler", "1", () -> {}), "@OutboxHandler", "another name");
    }

    @Test
    void refusesABlankId() {
        List<String> run = new ArrayList<>();
        Refusal.of(() -> inbox.once("blank", "", () -> run.add("1")), "message's own id");
        Refusal.of(() -> inbox.once("blank", " ", () -> run.add("2")), "message's own id");

        assertThat(run).isEmpty();
        assertThat(new JdbcTemplate(database.dataSource())
                        .queryForList("SELECT id FROM inbox_message WHERE consumer = 'blank'"))
                .isEmpty();
    }

    @Test
    void refusesADatabaseThatIsNotSupported() {
        refuses(Oracle.dataSource(), "PostgreSQL 14");
    }

    @Test
    void refusesADatabaseThatCannotBeReached() {
        refuses(new DriverManagerDataSource("jdbc:postgresql://localhost:1/nobody", "a", "b"), "spring.datasource.url");
    }

    @Test
    void refusesADatabaseWithoutItsTables() {
        HikariDataSource elsewhere = database.otherDataSource();
        new JdbcTemplate(database.dataSource()).execute("CREATE SCHEMA elsewhere");
        elsewhere.setSchema("elsewhere");

        assertThat(refuses(elsewhere, "schema-postgresql.sql").description()).contains("inbox_message is missing");
    }

    private static ActionableException refuses(DataSource wrong, String fix) {
        return Refusal.of(
                () -> Inbox.builder()
                        .dataSource(wrong)
                        .transactionManager(new DataSourceTransactionManager(wrong))
                        .build(),
                fix);
    }

    @Test
    void notesNothingWhenTheActionThrows() {
        assertThatThrownBy(() -> inbox.once("failing", "1", () -> {
                    Database.placeOrder(database.dataSource(), "1");
                    throw new IllegalStateException("no stock");
                }))
                .hasMessage("no stock");

        assertThat(database.orders()).isEmpty();
        assertThat(inbox.once("failing", "1", () -> Database.placeOrder(database.dataSource(), "1")))
                .isTrue();
        assertThat(database.orders()).containsExactly("1");
    }

    @Test
    void notesNothingWhenTheTransactionAroundItRollsBack() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            assertThat(inbox.once("rolled back", "1", () -> {})).isTrue();
            status.setRollbackOnly();
        });

        assertThat(inbox.once("rolled back", "1", () -> {})).isTrue();
    }

    @Test
    void runsNothingInAReadOnlyTransaction() {
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);

        assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> inbox.once(
                        "read-only", "1", () -> new JdbcTemplate(database.dataSource()).execute("SELECT 1"))))
                .hasStackTraceContaining("read-only transaction");
        assertThat(inbox.once("read-only", "1", () -> {})).isTrue();
    }
}
