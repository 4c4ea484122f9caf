package dev.freehold.composition.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes requests and never answers. Knows how many connections have sent one, and how many of them are open. */
public final class SilentServer implements AutoCloseable {

    private final ServerSocket server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    public SilentServer() throws IOException {
        server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public String url() {
        return "http://localhost:" + server.getLocalPort();
    }

    public int requests() {
        return requests.get();
    }

    public int open() {
        return open.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                start(() -> read(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void read(Socket socket) {
        open.incrementAndGet();
        try (socket;
                InputStream in = socket.getInputStream()) {
            byte[] buffer = new byte[8192];
            boolean first = true;
            while (in.read(buffer) >= 0) {
                if (first) {
                    requests.incrementAndGet();
                    first = false;
                }
            }
        } catch (IOException reset) {
            // closed, too
        } finally {
            open.decrementAndGet();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
