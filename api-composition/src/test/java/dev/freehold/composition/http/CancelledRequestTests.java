package dev.freehold.composition.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.freehold.composition.Cause;
import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.RestClient;

/** A service that never answers: when the budget is over, the task ends, and its socket and permit are free. */
@Timeout(120)
class CancelledRequestTests {

    enum Client {
        JDK(ClientHttpRequestFactoryBuilder.jdk()),
        APACHE(ClientHttpRequestFactoryBuilder.httpComponents().withHttpClientCustomizer(ApacheRequests::customize)),
        JETTY(ClientHttpRequestFactoryBuilder.jetty()),
        REACTOR(ClientHttpRequestFactoryBuilder.reactor());

        private final ClientHttpRequestFactoryBuilder<?> builder;

        Client(ClientHttpRequestFactoryBuilder<?> builder) {
            this.builder = builder;
        }
    }

    record Order(long id, long customerId) {}

    record Customer(long id) {}

    @ComposedView(root = "orders", budget = "4s") // the first request of a client takes a while
    record Row(
            @Root Order order,

            @One(source = "customers", key = "order.customerId")
            Part<Customer> customer) {}

    record Sources(RestClient client) {

        @RootSource(name = "orders", sort = "id")
        List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(1, 7));
        }

        @Source(name = "customers", id = "id")
        @Nullable
        List<Customer> customers(Set<Long> ids) {
            return client.post()
                    .uri("/customers/search")
                    .body(ids)
                    .retrieve()
                    .body(new ParameterizedTypeReference<List<Customer>>() {});
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void leavesNothingBehind(Client client) throws Exception {
        try (SilentServer server = new SilentServer();
                Compositions compositions = Compositions.builder()
                        .sources(new Sources(RestClient.builder()
                                .baseUrl(server.url())
                                .requestFactory(client.builder.build())
                                .build()))
                        .views(Row.class)
                        .build()) {
            View<Row, Void> view = compositions.view(Row.class);

            Page<Row> page = view.page(null, Keyset.start(), 10);

            assertThat(page.missing()).extracting(Page.Missing::cause).containsExactly(Cause.TIMEOUT);
            assertThat(server.requests()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(compositions.callsInFlight()).containsEntry("customers", 0);
                assertThat(server.open()).isZero();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void isATimeoutToEveryClientThatDoesNotWaitSoLong(Client client) throws Exception {
        HttpClientSettings impatient = HttpClientSettings.defaults().withReadTimeout(Duration.ofMillis(100));
        try (SilentServer server = new SilentServer()) {
            RestClient.RequestHeadersSpec<?> request = RestClient.builder()
                    .baseUrl(server.url())
                    .requestFactory(client.builder.build(impatient))
                    .build()
                    .get();

            Throwable thrown = catchThrowable(() -> request.retrieve().body(String.class));

            assertThat(Cause.of(thrown)).isEqualTo(Cause.TIMEOUT);
        }
    }
}
