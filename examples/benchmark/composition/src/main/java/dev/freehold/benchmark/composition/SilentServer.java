package dev.freehold.benchmark.composition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes requests, never answers, and knows how many connections are open. */
final class SilentServer implements AutoCloseable {

    private static final int BACKLOG = 1_000;

    private final ServerSocket server;
    private final AtomicInteger open = new AtomicInteger();

    private SilentServer(ServerSocket server) {
        this.server = server;
    }

    static SilentServer start() {
        try {
            SilentServer silent = new SilentServer(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
            begin(silent::accept);
            return silent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int open() {
        return open.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.incrementAndGet();
                begin(() -> read(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void read(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            byte[] buffer = new byte[8192];
            while (in.read(buffer) >= 0) {
                // whatever it is, there is no answer
            }
        } catch (IOException reset) {
            // closed, too
        } finally {
            open.decrementAndGet();
        }
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "silent");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
