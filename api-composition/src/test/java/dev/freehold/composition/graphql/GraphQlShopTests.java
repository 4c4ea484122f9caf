package dev.freehold.composition.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.CallFailedException;
import dev.freehold.composition.Cause;
import dev.freehold.composition.Keyset;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Sources as batch loaders, over HTTP. */
@SpringBootTest(
        classes = GraphQlShop.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.graphql.schema.locations=classpath:graphql-shop/",
            "freehold.composition.budget=10m",
            "freehold.composition.sources.customers.concurrency=16"
        })
@Timeout(120)
class GraphQlShopTests {

    @LocalServerPort
    private int port;

    @Autowired
    private GraphQlShop.Sources sources;

    @BeforeAll
    static void registerTenant() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("shop.tenant", GraphQlShop.TENANT);
    }

    @AfterAll
    static void forgetTenant() {
        ContextRegistry.getInstance().removeThreadLocalAccessor("shop.tenant");
    }

    @BeforeEach
    void reset() {
        sources.reset();
    }

    private GraphQlTester.Response ask(String document, String... headers) {
        WebTestClient client = WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port + "/graphql")
                .responseTimeout(Duration.ofSeconds(100))
                .build();
        HttpGraphQlTester.Builder<?> tester =
                HttpGraphQlTester.builder(client.mutate()).responseTimeout(Duration.ofSeconds(100));
        for (int i = 0; i < headers.length; i += 2) {
            tester.header(headers[i], headers[i + 1]);
        }
        return tester.build().document(document).execute();
    }

    private static BiConsumer<String, Set<Long>> failing(String failing, RuntimeException failure) {
        return (source, keys) -> {
            if (source.equals(failing)) {
                throw failure;
            }
        };
    }

    @Test
    void asksEachSourceOnceForAListOfOrders() {
        GraphQlTester.Response page =
                ask("{ orders(size: 50) { id customer { name address { city } } shipments { id } } }");

        page.errors().verify();
        page.path("orders").entityList(Object.class).hasSize(50);
        page.path("orders[3].customer.name").entity(String.class).isEqualTo("customer 4");
        page.path("orders[3].customer.address.city").entity(String.class).isEqualTo("city 1");
        page.path("orders[3].shipments[*].id").entityList(String.class).containsExactly("41", "42");
        // ten customers that are there, and seven that are not, in batches of ten
        assertThat(sources.calls).containsExactlyInAnyOrder("customers", "customers", "shipments", "addresses");
    }

    @Test
    void tellsAbsenceFromFailure() {
        sources.whenAsked = failing("customers", new IllegalStateException("a mistake"));
        GraphQlTester.Response failed = ask("{ orders(size: 7) { customer { id } } }");
        failed.errors().satisfy(errors -> assertThat(errors).hasSize(7));

        sources.reset();
        GraphQlTester.Response page = ask("{ orders(size: 7) { customer { id } shipments { id } } }");

        page.errors().verify();
        page.path("orders[6].customer").valueIsNull();
        page.path("orders[6].shipments").entityList(Object.class).hasSize(0);
    }

    @Test
    void aFailingSourceLeavesTheRestInPlace() {
        sources.whenAsked =
                failing("shipments", new CallFailedException(Cause.SERVER_ERROR, "away", Duration.ofSeconds(7), null));

        GraphQlTester.Response page = ask("{ orders(size: 3) { customer { name } shipments { id } } }");

        page.errors().satisfy(errors -> {
            assertThat(errors)
                    .extracting(ResponseError::getPath)
                    .containsExactlyInAnyOrder("orders[0].shipments", "orders[1].shipments", "orders[2].shipments");
            assertThat(errors).allSatisfy(error -> {
                assertThat(error.getMessage()).isEqualTo("Source 'shipments' is unavailable: SERVER_ERROR");
                assertThat(error.getErrorType()).hasToString("UNAVAILABLE");
                assertThat(error.getExtensions())
                        .containsOnly(
                                Map.entry("source", "shipments"),
                                Map.entry("cause", "SERVER_ERROR"),
                                Map.entry("retryAfterMillis", 7000),
                                Map.entry("classification", "UNAVAILABLE"));
            });
        });
        page.path("orders[*].shipments")
                .entityList(Object.class)
                .satisfies(lists -> assertThat(lists).hasSize(3).containsOnlyNulls());
        page.path("orders[*].customer.name")
                .entityList(String.class)
                .containsExactly("customer 1", "customer 2", "customer 3");
    }

    @Test
    void aFailingBatchLeavesTheKeysOfOthersInPlace() {
        sources.whenAsked = (source, keys) -> {
            if (source.equals("customers") && keys.contains(1007L)) {
                throw new IllegalStateException("unlucky");
            }
        };

        GraphQlTester.Response page = ask("{ orders(size: 50) { customer { id } shipments { id } } }");

        page.errors()
                .satisfy(errors -> assertThat(errors)
                        .isNotEmpty()
                        .hasSizeLessThan(50)
                        .allSatisfy(error -> assertThat(error.getExtensions())
                                .containsEntry("source", "customers")
                                .containsEntry("cause", "ERROR")
                                .doesNotContainKey("retryAfterMillis")));
        assertThat(page.path("orders[*].customer").entityList(Object.class).get().stream()
                        .filter(Objects::nonNull))
                .isNotEmpty();
    }

    @Test
    void aSlowSourceIsCutAtTheBudgetOfTheRequest() {
        CountDownLatch never = new CountDownLatch(1);
        sources.whenAsked = (source, keys) -> {
            if (source.equals("customers")) {
                waitFor(never);
            }
        };

        GraphQlTester.Response page =
                ask("{ orders(size: 3) { customer { id } shipments { id } } }", "X-Budget-Millis", "2000");

        page.errors()
                .satisfy(errors -> assertThat(errors)
                        .hasSize(3)
                        .allSatisfy(error -> assertThat(error.getExtensions())
                                .containsEntry("source", "customers")
                                .containsEntry("cause", "TIMEOUT")));
        page.path("orders[1].shipments[*].id").entityList(String.class).containsExactly("21", "22");
    }

    /** Also if the engine goes on with the operation on a thread that is not the request's. */
    @ParameterizedTest
    @ValueSource(strings = {"orders", "ordersFromAnotherThread"})
    void theContextOfTheRequestReachesTheSources(String query) {
        ask(
                        "{ %s(size: 3) { customer { address { city } } shipments { id } } }".formatted(query),
                        "X-Trace",
                        "t1",
                        "X-Tenant",
                        "north",
                        "Accept-Language",
                        "it-IT")
                .errors()
                .verify();

        assertThat(sources.seen)
                .containsOnlyKeys("customers", "addresses", "shipments")
                .allSatisfy((source, seen) -> assertThat(seen).isEqualTo("t1 it_IT north /graphql"));
    }

    /** Nor is one source asked behind the other. */
    @Test
    void theEngineDoesNotWaitForASource() {
        CountDownLatch both = new CountDownLatch(2);
        sources.whenAsked = (source, keys) -> {
            both.countDown();
            waitFor(both);
        };

        ask("{ orders(size: 3) { customer { id } shipments { id } } }").errors().verify();

        assertThat(both.getCount()).isZero();
    }

    @Test
    void asksForAKeyOnceInAnOperation() {
        ask("{ first: orders(size: 6) { customer { id } } second: orders(size: 3) { customer { id } } }")
                .errors()
                .verify();
        assertThat(sources.calls).containsExactly("customers");

        ask("{ orders(size: 6) { customer { id } } }").errors().verify();
        assertThat(sources.calls).containsExactly("customers", "customers");
    }

    @Test
    void loadsInOneFieldAreChainedIfTheEngineIsToldSo() {
        GraphQlTester.Response page =
                ask("{ orders(size: 50) { address { city } customer { name } } }", "X-Chained", "true");

        page.errors().verify();
        page.path("orders[3].address.city").entity(String.class).isEqualTo("city 1");
        page.path("orders[6].address").valueIsNull();
        assertThat(sources.calls).containsExactlyInAnyOrder("customers", "customers", "addresses");
    }

    @Test
    void theFirstOfChainedLoadsMayFail() {
        sources.whenAsked = failing("customers", new CallFailedException(Cause.CONNECTION, "away", null, null));

        GraphQlTester.Response page = ask("{ orders(size: 1) { address { city } } }", "X-Chained", "true");

        page.errors()
                .satisfy(errors -> assertThat(errors)
                        .singleElement()
                        .satisfies(error -> assertThat(error.getExtensions())
                                .containsEntry("source", "customers")
                                .containsEntry("cause", "CONNECTION")));
    }

    @Test
    void batchMappingsMayUseALookup() {
        GraphQlTester.Response page = ask("{ orders(size: 7) { payer { name } } }");
        page.errors().verify();
        page.path("orders[3].payer.name").entity(String.class).isEqualTo("customer 4");
        page.path("orders[6].payer").valueIsNull();
        assertThat(sources.calls).containsExactly("customers");

        sources.whenAsked = failing("customers", new CallFailedException(Cause.CLIENT_ERROR, "no", null, null));
        ask("{ orders(size: 1) { payer { name } } }")
                .errors()
                .satisfy(errors -> assertThat(errors)
                        .singleElement()
                        .satisfies(error -> assertThat(error.getExtensions()).containsEntry("cause", "CLIENT_ERROR")));
    }

    @Test
    void keysOfAnotherTypeAreErrorsOfTheirFields() {
        GraphQlTester.Response page = ask("{ orders(size: 3) { stranger { name } } }");

        page.errors()
                .satisfy(errors -> assertThat(errors).singleElement().satisfies(error -> {
                    assertThat(error.getPath()).isEqualTo("orders[1].stranger");
                    assertThat(error.getErrorType()).hasToString("INTERNAL_ERROR");
                }));
        page.path("orders[2].stranger.name").entity(String.class).isEqualTo("customer 3");
    }

    @Test
    void tellsOfStaleAnswers() {
        assertThat(ask("{ orders(size: 1) { price { cents } } }")
                        .returnResponse()
                        .getExtensions())
                .isEmpty();
        sources.whenAsked = failing("prices", new CallFailedException(Cause.CONNECTION, "away", null, null));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ask("{ orders(size: 1) { price { cents } } }")
                                .returnResponse()
                                .getExtensions())
                        .isEqualTo(Map.of("staleSources", List.of("prices"))));
    }

    @Test
    void viewsThatLackWhatTheyRequireAreErrorsOfTheirField() {
        sources.whenAsked = failing("customers", new CallFailedException(Cause.CONNECTION, "away", null, null));

        ask("{ required }")
                .errors()
                .satisfy(errors -> assertThat(errors).singleElement().satisfies(error -> {
                    assertThat(error.getPath()).isEqualTo("required");
                    assertThat(error.getExtensions())
                            .containsEntry("source", "customers")
                            .containsEntry("cause", "CONNECTION");
                }));
    }

    @Test
    void aKeysetOfSomethingElseIsTheMistakeOfTheClient() {
        ask("{ from(keyset: \"%s\") }".formatted(Keyset.after(1, 2)))
                .errors()
                .satisfy(errors -> assertThat(errors)
                        .singleElement()
                        .satisfies(error -> assertThat(error.getErrorType()).hasToString("BAD_REQUEST")));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited too long");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
