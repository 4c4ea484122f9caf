package dev.freehold.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class IdempotentTests {

    private final TestDatabase database = PostgresServer.shared().createDatabase();
    private final HikariDataSource dataSource = database.dataSource(4);
    private Inbox inbox;

    @BeforeEach
    void create() {
        new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                .execute(dataSource);
        inbox = Inbox.builder()
                .dataSource(dataSource)
                .transactionManager(new DataSourceTransactionManager(dataSource))
                .messageIds(message -> dev.freehold.outbox.kafka.KafkaMessageIds.of(message))
                .build();
    }

    @AfterEach
    void drop() {
        inbox.close();
        dataSource.close();
        database.drop();
    }

    public record Payment(String id, int amount) {}

    public static class Payments {

        final List<String> done = new ArrayList<>();

        @Idempotent(consumer = "payments", id = "#payment.id()")
        public String pay(Payment payment) throws IOException {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isTrue();
            if (payment.amount() < 0) {
                throw new IOException("no such amount");
            }
            done.add(payment.id());
            return "paid " + payment.amount();
        }

        @Idempotent(consumer = "kafka")
        public void on(ConsumerRecord<String, String> message) {
            done.add(message.value());
        }

        @Idempotent(consumer = "spring")
        public void on(Message<String> message) {
            done.add(message.getPayload());
        }

        public void plain(Payment payment) {
            done.add("plain " + payment.id());
        }
    }

    @Test
    void runsOnceForEachId() throws IOException {
        Payments payments = inbox.idempotent(new Payments());

        assertThat(payments.pay(new Payment("1", 10))).isEqualTo("paid 10");
        assertThat(payments.pay(new Payment("1", 10))).isNull();
        assertThat(payments.pay(new Payment("2", 20))).isEqualTo("paid 20");
        payments.plain(new Payment("1", 10));
        payments.plain(new Payment("1", 10));
    }

    @Test
    void notesNothingIfTheMethodThrows() throws IOException {
        Payments payments = inbox.idempotent(new Payments());

        assertThatThrownBy(() -> payments.pay(new Payment("1", -1)))
                .isInstanceOf(IOException.class)
                .hasMessage("no such amount");
        assertThat(payments.pay(new Payment("1", 1))).isEqualTo("paid 1");
    }

    @Test
    void knowsKafkasMessagesByTheirHeadersAndElseByTheirPlace() {
        Payments bean = new Payments();
        Payments payments = inbox.idempotent(bean);

        payments.on(message(1, "a", "first"));
        payments.on(message(2, "a", "first again"));
        payments.on(message(3, "", "second"));
        payments.on(message(3, "", "second again"));
        payments.on(message(4, "", "third"));
        assertThat(bean.done).containsExactly("first", "second", "third");
    }

    private static ConsumerRecord<String, String> message(long offset, String id, String value) {
        ConsumerRecord<String, String> message = new ConsumerRecord<>("payments", 0, offset, "key", value);
        if (!id.isEmpty()) {
            message.headers().add("ce_id", id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return message;
    }

    @Test
    void knowsSpringsMessagesByTheIdThatTheyWereSentWith() {
        Payments bean = new Payments();
        Payments payments = inbox.idempotent(bean);

        payments.on(MessageBuilder.withPayload("first").setHeader("ce_id", "a").build());
        payments.on(MessageBuilder.withPayload("again").setHeader("ce_id", "a").build());
        payments.on(MessageBuilder.withPayload("mail")
                .setHeader("amqp_messageId", "b")
                .build());
        assertThat(bean.done).containsExactly("first", "mail");
        assertThatThrownBy(
                        () -> payments.on(MessageBuilder.withPayload("nameless").build()))
                .isInstanceOf(InboxException.class)
                .hasMessageContainingAll(
                        "Payments.on was called with a message that has no id", "id = \"#payment.id()\"");
        assertThat(bean.done).containsExactly("first", "mail");
    }

    @Test
    void standsBeforeOtherAdviceOfTheBean() throws IOException {
        List<String> calls = new ArrayList<>();
        ProxyFactory factory = new ProxyFactory(new Payments());
        factory.setProxyTargetClass(true);
        factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) call -> {
            calls.add(call.getMethod().getName());
            return call.proceed();
        });
        Payments payments = inbox.idempotent((Payments) factory.getProxy());

        payments.pay(new Payment("1", 10));
        payments.pay(new Payment("1", 10));
        assertThat(calls).containsExactly("pay");
    }

    /** A proxy around a proxy would find its own note, and pass over the message for ever. */
    @Test
    void notesAMessageOnceHoweverOftenTheBeanIsGivenToIt() throws IOException {
        Payments bean = new Payments();
        Payments payments = inbox.idempotent(inbox.idempotent(bean));
        assertThat(payments.pay(new Payment("1", 10))).isEqualTo("paid 10");
        assertThat(bean.done).containsExactly("1");
    }

    @Test
    void tellsMessagesOfTwoSourcesApart() {
        Payments bean = new Payments();
        Payments payments = inbox.idempotent(bean);
        for (String source : List.of("/one", "/two")) {
            ConsumerRecord<String, String> message = message(1, "1", source);
            message.headers().add("ce_source", source.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            payments.on(message);
        }
        assertThat(bean.done).containsExactly("/one", "/two");
    }

    @Test
    void leavesOtherBeansAlone() {
        Object bean = new Object();
        assertThat(inbox.idempotent(bean)).isSameAs(bean);
    }

    @Test
    void refusesMethodsThatItCouldNotKeepItsPromiseFor() {
        refuses(new ReturningPrimitive(), "returns null");
        refuses(new ReturningFuture(), "when it has done its work");
        refuses(new WithoutParameters(), "Inbox.once");
        refuses(new WithWrongExpression(), "what makes the message the same one");
        refuses(new FinalMethod(), "instance method that others may call");
        refuses(new WithoutName(), "stays the same for ever");
        refuses(new InANewTransaction(), "Take that propagation off");
    }

    private void refuses(Object bean, String fix) {
        InboxException refusal = catchThrowableOfType(InboxException.class, () -> inbox.idempotent(bean));
        assertThat(refusal).as(bean.getClass().getSimpleName()).isNotNull();
        assertThat(refusal.action()).contains(fix);
    }

    static class ReturningPrimitive {
        @Idempotent(consumer = "a")
        public int pay(Payment payment) {
            return 1;
        }
    }

    static class ReturningFuture {
        @Idempotent(consumer = "a")
        public CompletableFuture<String> pay(Payment payment) {
            return new CompletableFuture<>();
        }
    }

    static class WithoutParameters {
        @Idempotent(consumer = "a")
        public void pay() {}
    }

    static class WithWrongExpression {
        @Idempotent(consumer = "a", id = "#payment.(")
        public void pay(Payment payment) {}
    }

    static class FinalMethod {
        @Idempotent(consumer = "a")
        public final void pay(Payment payment) {}
    }

    static class WithoutName {
        @Idempotent(consumer = " ")
        public void pay(Payment payment) {}
    }

    static class InANewTransaction {
        @Idempotent(consumer = "a")
        @org.springframework.transaction.annotation.Transactional(
                propagation = org.springframework.transaction.annotation.Propagation.REQUIRES_NEW)
        public void pay(Payment payment) {}
    }
}
