package dev.freehold.benchmark.composition;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What {@link ServiceHost} tells of itself.
 *
 * @param calls how many there have been
 * @param openSilent connections to the silent port that are open
 */
record HostState(int calls, int openSilent) {

    static HostState of(ServiceHost.Ports ports) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:%d/state".formatted(ports.answering()));
        String[] numbers = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .split(" ", -1);
        return new HostState(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }
}
