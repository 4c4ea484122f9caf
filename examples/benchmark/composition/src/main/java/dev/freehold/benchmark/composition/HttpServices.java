package dev.freehold.benchmark.composition;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Asks over HTTP, with the JDK's client and JSON, on the calling thread. The same for all contestants. */
final class HttpServices implements Services {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Endpoint<Customer> customers;
    private final Endpoint<Address> addresses;
    private volatile Endpoint<Shipment> shipments;
    private final Endpoint<Product> products;
    private final AtomicInteger active = new AtomicInteger();

    HttpServices(ServiceHost.Ports ports) {
        int port = ports.answering();
        customers = Endpoint.of(port, "customers", Customer.class);
        addresses = Endpoint.of(port, "addresses", Address.class);
        shipments = Endpoint.of(port, "shipments", Shipment.class);
        products = Endpoint.of(port, "products", Product.class);
    }

    /** From now on shipments are asked for where nobody answers. */
    void silenceShipments(ServiceHost.Ports ports) {
        shipments = Endpoint.of(ports.silent(), "shipments", Shipment.class);
    }

    /** How many threads are in a call. */
    int active() {
        return active.get();
    }

    @Override
    public List<Customer> customers(Collection<Long> ids) {
        return ask(customers, ids);
    }

    @Override
    public List<Address> addresses(Collection<Long> ids) {
        return ask(addresses, ids);
    }

    @Override
    public List<Shipment> shipments(Collection<Long> orderIds) {
        return ask(shipments, orderIds);
    }

    @Override
    public List<Product> products(Collection<String> skus) {
        return ask(products, skus);
    }

    private <T> List<T> ask(Endpoint<T> endpoint, Collection<?> keys) {
        HttpRequest request = HttpRequest.newBuilder(endpoint.uri())
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(keys)))
                .build();
        active.incrementAndGet();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(endpoint.uri() + " answered with " + response.statusCode());
            }
            return endpoint.read(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException(endpoint.uri() + " was interrupted"));
        } finally {
            active.decrementAndGet();
        }
    }

    private record Endpoint<T>(URI uri, ObjectReader rows) {

        static <T> Endpoint<T> of(int port, String path, Class<T> row) {
            return new Endpoint<>(
                    URI.create("http://127.0.0.1:%d/%s".formatted(port, path)), JSON.readerForListOf(row));
        }

        private List<T> read(byte[] body) {
            return rows.readValue(body);
        }
    }
}
