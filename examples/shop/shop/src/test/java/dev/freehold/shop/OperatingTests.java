package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freehold.servers.Database;
import dev.freehold.shop.ShopClient.Customer;
import dev.freehold.shop.ShopClient.Order;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.StringUtils;

/** Does what the README tells an operator to do, and gets the answers that it shows. */
class OperatingTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern BLOCK = Pattern.compile("```console\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern STEP = Pattern.compile("\\$ (curl .*)\\n((?:(?!\\$).*\\n)*)");
    private static final Pattern CURL =
            Pattern.compile("curl (?:-X (\\w+) )?'?localhost:(\\d+)([^' ]*)'?(?: -H '(.+?): (.+?)' -d '(.+)')?");
    private static final Pattern NEW_ID = Pattern.compile("^\\{\"id\":\"([0-9a-f-]{36})\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> ids = new HashMap<>();
    private Shop shop;

    @BeforeEach
    void start() {
        shop = Shop.start(0, 0, 0, () -> {});
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void answersAsTheReadmeShows() throws Exception {
        placeThreeOrders();
        String readme = Files.readString(Path.of("..", "README.md"));
        List<Step> steps = steps(readme);
        assertThat(steps)
                .hasSize(StringUtils.countOccurrencesOf(readme, "$ curl "))
                .isNotEmpty();
        for (Step step : steps) {
            run(step);
        }
    }

    /** As the shop itself does when it opens. */
    private void placeThreeOrders() {
        ShopClient client = new ShopClient(shop.orders().uri(), shop.customers().uri());
        Customer ada = client.addCustomer("Ada", new BigDecimal("500.00"));
        for (int i = 0; i < 3; i++) {
            Order order = client.placeOrder(ada.id(), new BigDecimal("10.00"));
            await().atMost(LIMIT).until(() -> client.order(order.id()).isSettled());
        }
    }

    private static List<Step> steps(String readme) {
        return BLOCK.matcher(readme.replaceAll("\\\\\\n *", ""))
                .results()
                .flatMap(block -> STEP.matcher(block.group(1)).results())
                .map(Step::of)
                .toList();
    }

    private void run(Step step) throws Exception {
        HttpRequest request = request(ours(step.command()));
        if (request.method().equals("GET")) {
            await().atMost(LIMIT).untilAsserted(() -> compare(step, send(request)));
        } else {
            compare(step, send(request));
        }
        if (request.uri().getPath().endsWith("/pause")) {
            awaitThatTheRelayKnows();
        }
    }

    private HttpRequest request(String command) {
        Matcher curl = CURL.matcher(command);
        assertThat(curl.matches()).as(command).isTrue();
        URI service = (curl.group(2).equals("8081") ? shop.orders() : shop.customers()).uri();
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(curl.group(3)));
        if (curl.group(6) != null) {
            String method = curl.group(1) == null ? "POST" : curl.group(1);
            request.header(curl.group(4), curl.group(5)).method(method, BodyPublishers.ofString(curl.group(6)));
        }
        return request.build();
    }

    private String send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private void compare(Step step, String answer) {
        Matcher readmes = NEW_ID.matcher(step.answer());
        Matcher ours = NEW_ID.matcher(answer);
        if (readmes.find() && ours.find()) {
            ids.putIfAbsent(readmes.group(1), ours.group(1));
        }
        String expected = Arrays.stream(ours(step.answer()).split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".+"));
        assertThat(answer).as(step.command()).matches(expected);
    }

    private String ours(String text) {
        String result = text;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            result = result.replace(id.getKey(), id.getValue());
        }
        return result;
    }

    /** The relay learns of a pause when it renews its lease. */
    private void awaitThatTheRelayKnows() {
        Database database = shop.orders().database();
        var lease = JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), database.password()))
                .sql("SELECT leased_until FROM outbox_progress")
                .query(OffsetDateTime.class);
        OffsetDateTime present = lease.single();
        await().atMost(LIMIT).until(() -> lease.single().isAfter(present));
    }

    /** A command of the README, and the answer that it shows in one line. */
    private record Step(String command, String answer) {

        static Step of(MatchResult found) {
            Stream<String> lines = found.group(2).lines().map(String::strip);
            return new Step(found.group(1), lines.collect(Collectors.joining()));
        }
    }
}
