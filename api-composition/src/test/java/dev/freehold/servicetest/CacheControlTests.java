package dev.freehold.servicetest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.CallFailedException;
import dev.freehold.composition.Cause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cache.CacheManager;

/** What caches on the way are told of pages, whatever the controller says. */
@Timeout(60)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.http.serviceclient.customers.base-url=http://localhost:1")
class CacheControlTests {

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private RatingsApplication.Sources sources;

    @Autowired
    private CacheManager caches;

    @BeforeEach
    @AfterEach
    void reset() {
        sources.work = RatingsApplication.Sources.GOOD;
        caches.resetCaches();
    }

    private void leave() {
        sources.work = ids -> {
            throw new CallFailedException(Cause.SERVER_ERROR, "away", null, null);
        };
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void isKeptOut(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void isWhatTheControllerSaysOfACompletePage() throws Exception {
        assertThat(get("/cacheable").headers().allValues("Cache-Control")).containsExactly("max-age=60, public");
        assertThat(get("/rated").headers().allValues("Cache-Control")).isEmpty();
    }

    @Test
    void isNoStoreAloneForAPageThatLacksSomething() throws Exception {
        leave();

        HttpResponse<String> answer = get("/cacheable");

        assertThat(answer.body()).contains("\"complete\":false");
        isKeptOut(answer);
    }

    @Test
    void isNoStoreForACompletePageThatIsStale() throws Exception {
        assertThat(get("/rated").body()).contains("\"complete\":true").contains("\"stale\":false");
        leave();

        HttpResponse<String> answer = get("/rated");

        assertThat(answer.body()).contains("\"complete\":true").contains("\"stale\":true");
        isKeptOut(answer);
        isKeptOut(get("/cacheable"));
    }
}
