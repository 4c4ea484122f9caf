package dev.freehold.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.fixture.PostgresServer;
import dev.freehold.fixture.TestDatabase;
import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxConsumer;
import dev.freehold.inbox.InboxListener;
import dev.freehold.inbox.InboxMessage;
import dev.freehold.outbox.CommittedEvents;
import dev.freehold.outbox.ConsistencyToken;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.autoconfigure.OutboxAutoConfigurationTests.Happened;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a client sees of the headers, in a servlet container. */
class ConsistencyFilterTests {

    private static final String TOKEN = "X-Consistency-Token";
    private static final String STALE = "X-Consistency-Stale";

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresServer.shared().createDatabase();
    }

    @AfterAll
    static void drop() {
        database.drop();
    }

    /** Its Kafka is not there, so no consumer runs. */
    static WebApplicationContextRunner service(TestDatabase on) {
        return new WebApplicationContextRunner()
                .withConfiguration(OutboxAutoConfigurationTests.jdbc())
                .withConfiguration(OutboxAutoConfigurationTests.ours())
                .withConfiguration(
                        AutoConfigurations.of(KafkaAutoConfiguration.class, ConsistencyAutoConfiguration.class))
                .withPropertyValues(OutboxAutoConfigurationTests.properties(on))
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=localhost:1",
                        "spring.datasource.hikari.maximum-pool-size=4",
                        "freehold.inbox.retention=0")
                .withBean(Listener.class);
    }

    static class Listener {
        @InboxListener(topic = "tests")
        public void on(Happened event) {}
    }

    /** What a test does in the application and its container. */
    interface Work {
        void with(App app) throws Exception;
    }

    /** An application with its container. */
    record App(ApplicationContext context, WebService web) {

        UUID publish(String id) {
            return Optional.ofNullable(transaction()
                            .execute(status -> context.getBean(Outbox.class).publish(new Happened(id))))
                    .orElseThrow();
        }

        TransactionTemplate transaction() {
            return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        }

        /** What an event that was published somewhere else gives to its client. */
        ConsistencyToken tokenOf(String id) {
            try (CommittedEvents events = CommittedEvents.record()) {
                publish(id);
                return events.token();
            }
        }

        void handle(ConsistencyToken token) {
            InboxConsumer consumer = context.getBean(Inbox.class)
                    .consumers("tests", List.of(new Listener()))
                    .get(0);
            token.events("tests", "tests.happened").forEach(id -> consumer.handle(List.of(message(id))));
        }

        private static InboxMessage message(UUID id) {
            return new InboxMessage(
                    new EventContext(id, "tests.happened", 1, "/tests", "1", Instant.now(), "tests", 0, 0, Map.of()),
                    "{\"id\":\"1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private static void run(WebApplicationContextRunner service, Work work) {
        service.run(context -> {
            assertThat(context).hasNotFailed();
            FilterRegistrationBean<?> filter = context.getBean("consistencyFilter", FilterRegistrationBean.class);
            try (WebService web = new WebService(filter)) {
                web.on("/read", (request, response) -> response.getWriter().print("read"));
                work.with(new App(context, web));
            }
        });
    }

    private static void run(Work work) {
        run(service(database), work);
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    private static ConsistencyToken token(HttpResponse<?> response) {
        return ConsistencyToken.parse(header(response, TOKEN).orElseThrow());
    }

    @Test
    void answersAWriteWithTheTokenOfAllItsEvents() {
        run(app -> {
            app.publish("before the request");
            UUID[] ids = new UUID[2];
            app.web().on("/write", (request, response) -> {
                ids[0] = app.publish("1");
                assertThat(response.getHeader(TOKEN)).as("at once").isNotNull();
                ids[1] = app.publish("2");
                response.getWriter().print("written");
            });
            HttpResponse<String> response = app.web().get("/write");
            assertThat(response.body()).isEqualTo("written");
            assertThat(token(response).events("tests", "tests.happened")).containsExactlyInAnyOrder(ids);
            assertThat(header(response, STALE)).isEmpty();
        });
    }

    @Test
    void answersAReadAndWhatWasRolledBackWithoutToken() {
        run(app -> {
            app.web()
                    .on(
                            "/fail",
                            (request, response) -> app.transaction().executeWithoutResult(status -> {
                                app.context().getBean(Outbox.class).publish(new Happened("1"));
                                status.setRollbackOnly();
                            }));
            assertThat(header(app.web().get("/fail"), TOKEN)).isEmpty();
            assertThat(header(app.web().get("/read"), TOKEN)).isEmpty();
        });
    }

    @Test
    void keepsTheTokenOfWhatWasCommittedBeforeTheHandlerFailed() {
        run(app -> {
            app.web().on("/fail", (request, response) -> {
                app.publish("1");
                response.sendError(409);
            });
            HttpResponse<String> response = app.web().get("/fail");
            assertThat(response.statusCode()).isEqualTo(409);
            assertThat(token(response).isEmpty()).isFalse();
        });
    }

    @Test
    void answersWithNewEventsOnlyNotWithThoseOfTheRequest() {
        run(app -> {
            app.web().on("/write", (request, response) -> app.publish("new"));
            ConsistencyToken old = app.tokenOf("old");
            app.handle(old);
            HttpResponse<String> response = app.web().get("/write", TOKEN, old.toString());
            assertThat(token(response).events("tests", "tests.happened"))
                    .hasSize(1)
                    .doesNotContainAnyElementsOf(old.events("tests", "tests.happened"));
        });
    }

    /** Such as the position of a database, for replicas of it. */
    @Test
    void leavesTokensOfOtherKindsInTheHeader() {
        run(app -> {
            app.web().on("/write", (request, response) -> {
                response.setHeader(TOKEN, "p1.0/16B3748");
                app.publish("1");
                app.publish("2");
            });
            HttpResponse<String> response = app.web().get("/write");
            assertThat(response.headers().allValues(TOKEN))
                    .singleElement()
                    .asString()
                    .matches("p1.0/16B3748, e1.[^,]*");
            assertThat(token(response).events("tests", "tests.happened")).hasSize(2);
        });
    }

    @Test
    void addsNothingToAResponseThatHasLeftAlready() {
        run(app -> {
            app.web().on("/stream", (request, response) -> {
                response.getWriter().print("first ");
                response.flushBuffer();
                app.publish("1");
                response.getWriter().print("second");
            });
            HttpResponse<String> response = app.web().get("/stream");
            assertThat(response.body()).isEqualTo("first second");
            assertThat(header(response, TOKEN)).isEmpty();
        });
    }

    @Test
    void saysThatAReadMayBeStaleUntilTheEventIsHandled() {
        run(app -> {
            ConsistencyToken token = app.tokenOf("1");
            app.web().on("/page", (request, response) -> response.getWriter().print(response.getHeader(STALE)));
            HttpResponse<String> before = app.web().get("/page", TOKEN, token.toString());
            assertThat(before.body()).as("as the handler knows already").isEqualTo("true");
            assertThat(header(before, STALE)).contains("true");
            assertThat(header(before, TOKEN)).isEmpty();

            app.handle(token);
            HttpResponse<String> after = app.web().get("/page", TOKEN, token.toString());
            assertThat(after.body()).isEqualTo("null");
            assertThat(header(after, STALE)).isEmpty();
        });
    }

    @Test
    void waitsForTheEventBeforeTheHandlerRuns() {
        run(service(database).withPropertyValues("freehold.inbox.consistency-wait=10s"), app -> {
            ConsistencyToken token = app.tokenOf("1");
            AtomicReference<Boolean> handledBefore = new AtomicReference<>();
            app.web()
                    .on(
                            "/tell",
                            (request, response) -> handledBefore.set(
                                    app.context().getBean(Inbox.class).await(token, Duration.ZERO)));
            CompletableFuture<HttpResponse<String>> reading =
                    CompletableFuture.supplyAsync(() -> read(app, "/tell", token), task -> new Thread(task).start());
            app.handle(token);
            assertThat(header(reading.get(), STALE)).isEmpty();
            assertThat(handledBefore).hasValue(true);
        });
    }

    private static HttpResponse<String> read(App app, String path, ConsistencyToken token) {
        try {
            return app.web().get(path, TOKEN, token.toString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the client has is true of both. */
    @Test
    void waitsForAllTokensOfTheRequest() {
        run(app -> {
            ConsistencyToken handled = app.tokenOf("1");
            ConsistencyToken open = app.tokenOf("2");
            app.handle(handled);
            assertThat(header(app.web().get("/read", TOKEN, handled.toString(), TOKEN, open.toString()), STALE))
                    .contains("true");
            assertThat(header(app.web().get("/read", TOKEN, "p1.x, %s,%s".formatted(handled, open)), STALE))
                    .contains("true");
            assertThat(header(app.web().get("/read", TOKEN, "p1.x, " + handled), STALE))
                    .isEmpty();
        });
    }

    @Test
    void waitsForHalfOfTheTimeThatTheSenderHasAtMost() {
        run(service(database).withPropertyValues("freehold.inbox.consistency-wait=10s"), app -> {
            String token = app.tokenOf("1").toString();
            for (String budget : List.of("200", " 200 ", "0", "-5", "1")) {
                long begun = System.nanoTime();
                HttpResponse<String> response = app.web().get("/read", TOKEN, token, "X-Budget-Millis", budget);
                assertThat(header(response, STALE)).contains("true");
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as(budget)
                        .isBetween(
                                budget.strip().equals("200") ? Duration.ofMillis(100) : Duration.ZERO,
                                Duration.ofSeconds(8));
            }
        });
        run(service(database).withPropertyValues("freehold.inbox.consistency-wait=100ms"), app -> {
            String token = app.tokenOf("1").toString();
            for (String budget : List.of("60000", "99999999999999999999", "soon", "")) {
                long begun = System.nanoTime();
                app.web().get("/read", TOKEN, token, "X-Budget-Millis", budget);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as(budget)
                        .isBetween(Duration.ofMillis(100), Duration.ofSeconds(8));
            }
        });
    }

    /** A service that passes tokens on would be taken for the one at fault, and its callers' breakers might open for all. */
    @Test
    void answersATokenThatIsNoneAsStale() {
        run(app -> {
            for (String garbage : List.of("e1.x", "<script>", "e1.AAAA")) {
                HttpResponse<String> response = app.web().get("/read", TOKEN, garbage);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(header(response, STALE)).contains("true");
            }
        });
    }

    @Test
    void asksNoDatabaseForWhatNobodyHereListensTo() {
        run(app -> {
            ConsistencyToken elsewhere = ConsistencyToken.parse("e1.AZC1oAAAcACAAAAAAAAAAYOhSNQ");
            ((com.zaxxer.hikari.HikariDataSource) app.context().getBean(javax.sql.DataSource.class)).close();
            assertThat(header(app.web().get("/read", TOKEN, elsewhere.toString()), STALE))
                    .isEmpty();
            assertThat(header(app.web().get("/read", TOKEN, "e1.*"), STALE)).contains("true");
        });
    }

    @Test
    void worksOnceForEachRequestThoughItIsDispatchedAgain() {
        run(app -> {
            ConsistencyToken open = app.tokenOf("1");
            app.web().on("/async", (request, response) -> {
                if (request.getAttribute("again") == null) {
                    app.publish("1");
                    again(request);
                } else {
                    app.publish("2");
                    response.getWriter().print("done");
                }
            });
            app.web().on("/forward", (request, response) -> forward(request, response));
            ConsistencyCounters counters = app.context().getBean(ConsistencyCounters.class);

            HttpResponse<String> async = app.web().get("/async", TOKEN, open.toString());
            assertThat(async.body()).isEqualTo("done");
            assertThat(token(async).events("tests", "tests.happened")).hasSize(1);
            assertThat(app.web().get("/forward", TOKEN, open.toString()).body()).isEqualTo("read");
            assertThat(counters.stale()).isEqualTo(2);
        });
    }

    private static void again(HttpServletRequest request) {
        request.setAttribute("again", true);
        request.startAsync().dispatch();
    }

    private static void forward(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            request.getRequestDispatcher("/read").forward(request, response);
        } catch (jakarta.servlet.ServletException e) {
            throw new IOException(e);
        }
    }

    @Test
    void hasTheHeaderThatItIsTold() {
        run(service(database).withPropertyValues("freehold.outbox.consistency-header=X-Seen"), app -> {
            app.web().on("/write", (request, response) -> app.publish("1"));
            HttpResponse<String> response = app.web().get("/write");
            String token = header(response, "X-Seen").orElseThrow();
            assertThat(header(response, TOKEN)).isEmpty();
            assertThat(header(app.web().get("/read", "X-Seen", token), STALE)).contains("true");
            assertThat(header(app.web().get("/read", TOKEN, token), STALE)).isEmpty();
        });
    }

    @Test
    void doesNothingWithoutHeader() {
        run(service(database).withPropertyValues("freehold.outbox.consistency-header="), app -> {
            app.web().on("/write", (request, response) -> app.publish("1"));
            assertThat(header(app.web().get("/write"), TOKEN)).isEmpty();
            HttpResponse<String> read = app.web().get("/read", TOKEN, "garbage");
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(header(read, STALE)).isEmpty();
        });
    }
}
