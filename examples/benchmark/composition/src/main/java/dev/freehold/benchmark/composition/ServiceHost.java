package dev.freehold.benchmark.composition;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The services over HTTP, in the process of the benchmark, while the contestants are in theirs: each answers so long after its
 * request, without a thread that waits; another port takes requests and never answers. At {@code /state} it tells how many calls
 * there were and how many connections to the silent port are open.
 */
final class ServiceHost implements AutoCloseable {

    static final Duration DELAY = Duration.ofMillis(20);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BACKLOG = 1_000;

    static {
        System.setProperty(
                "sun.net.httpserver.nodelay", "true"); // or an answer waits for the acknowledgement of its head
        System.setProperty(
                "sun.net.httpserver.maxIdleConnections", "2000"); // or callers meet connections that are closing
    }

    private final HttpServer server;
    private final SilentServer silent = SilentServer.start();
    private final ExecutorService readers = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService writers = Executors.newScheduledThreadPool(2);
    private final AtomicInteger calls = new AtomicInteger();

    private ServiceHost(HttpServer server) {
        this.server = server;
    }

    static ServiceHost start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        ServiceHost host = new ServiceHost(server);
        host.add("/customers", key -> Stream.of(Catalog.customer(key.asLong())));
        host.add("/addresses", key -> Stream.of(Catalog.address(key.asLong())));
        host.add("/shipments", key -> Catalog.shipments(key.asLong()).stream());
        host.add("/products", key -> Stream.of(Catalog.product(key.asString())));
        server.createContext("/state", exchange -> write(exchange, host.state()));
        server.setExecutor(host.readers);
        server.start();
        return host;
    }

    Ports ports() {
        return new Ports(server.getAddress().getPort(), silent.port());
    }

    private void add(String path, Function<JsonNode, Stream<?>> rows) {
        server.createContext(path, exchange -> {
            calls.incrementAndGet();
            JsonNode keys = JSON.readTree(exchange.getRequestBody());
            var unused = writers.schedule(() -> answer(exchange, keys, rows), DELAY.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    private static void answer(HttpExchange exchange, JsonNode keys, Function<JsonNode, Stream<?>> rows) {
        List<?> found = keys.valueStream().flatMap(rows).toList();
        try {
            write(exchange, JSON.writeValueAsBytes(found));
        } catch (IOException callerIsGone) {
            exchange.close();
        }
    }

    private byte[] state() {
        return (calls.get() + " " + silent.open()).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        silent.close();
        readers.shutdownNow();
        writers.shutdownNow();
    }

    /**
     * Where the services are.
     *
     * @param answering the port of those that answer
     * @param silent the port of one that does not
     */
    record Ports(int answering, int silent) {

        static Ports parse(String text) {
            int[] ports =
                    Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
            return new Ports(ports[0], ports[1]);
        }

        @Override
        public String toString() {
            return answering + "," + silent;
        }
    }
}
