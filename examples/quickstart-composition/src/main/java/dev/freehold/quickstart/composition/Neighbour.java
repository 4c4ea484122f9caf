package dev.freehold.quickstart.composition;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another team's service, as far as this one knows it: it takes keys and answers with rows. Only for {@link TryIt}. */
final class Neighbour implements AutoCloseable {

    private final String path;
    private final LongFunction<String> row;
    private HttpServer server;

    /**
     * Starts one.
     *
     * @param path where it is asked
     * @param row the JSON for a key
     */
    Neighbour(String path, LongFunction<String> row) throws IOException {
        this.path = path;
        this.row = row;
        this.server = start(0);
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Stops it as a crash would. */
    @Override
    public void close() {
        server.stop(0);
    }

    /** Starts it again where it was. */
    void restart() throws IOException {
        server = start(server.getAddress().getPort());
    }

    private HttpServer start(int port) throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        started.createContext(path, this::answer);
        started.start();
        return started;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String keys = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] rows = Stream.of(keys.replaceAll("[\\[\\] ]", "").split(","))
                .map(key -> row.apply(Long.parseLong(key)))
                .filter(json -> !json.isEmpty())
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, rows.length);
        exchange.getResponseBody().write(rows);
        exchange.close();
    }
}
