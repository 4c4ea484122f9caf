package dev.freehold.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps a port for a service while it starts, and gives it up right before the service's web server takes it; so two
 * shops that start at the same time do not both believe that it is theirs.
 */
final class Port implements SmartLifecycle {

    private final ServerSocket socket;

    private Port(ServerSocket socket) {
        this.socket = socket;
    }

    /** The preferred port of this machine's loopback interface, or if it is busy, a free one. */
    static Port near(int preferred) {
        try {
            return new Port(open(preferred));
        } catch (IOException busy) {
            try {
                return new Port(open(0));
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
