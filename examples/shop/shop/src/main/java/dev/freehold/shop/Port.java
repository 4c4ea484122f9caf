package dev.freehold.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps a port for a service while it starts, and gives it up right before the service's web server takes it; so two
 * shops that start at the same time do not both believe that it is theirs.
 */
final class Port implements SmartLifecycle {

    private static final int ANY = 0;

    private final int preferred;
    private final ServerSocket socket;

    private Port(int preferred, ServerSocket socket) {
        this.preferred = preferred;
        this.socket = socket;
    }

    /** The preferred port of this machine's loopback interface, or if it is busy, a free one. */
    static Port near(int preferred) {
        try {
            return new Port(preferred, open(preferred));
        } catch (IOException busy) {
            try {
                return new Port(preferred, open(ANY));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static ServerSocket open(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    int number() {
        return socket.getLocalPort();
    }

    int preferred() {
        return preferred;
    }

    /** Whether it is not the preferred one. */
    boolean isAnother() {
        return preferred != ANY && preferred != number();
    }

    /** Where the service will be. */
    URI uri() {
        return URI.create("http://localhost:" + number());
    }

    @Override
    public void start() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        start();
    }

    @Override
    public boolean isRunning() {
        return socket.isClosed();
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
