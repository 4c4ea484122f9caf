package dev.freehold.acceptance.faults;

import dev.freehold.fixture.Ports;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The network between a client and a server on this machine: it can break connections off, refuse new ones, swallow what is
 * sent, and hold it back. Its port stays the same.
 */
final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 16 << 10;
    private static final int NO_LINGER = 0;

    private final int port = Ports.free();
    private final Gate gate = new Gate();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private @Nullable ServerSocket door;

    TcpProxy() {
        listen();
    }

    /** Connections that are made from now on end at that port of this machine. */
    void leadTo(int serversPort) {
        target = serversPort;
    }

    int port() {
        return port;
    }

    /** Breaks all connections off; new ones can be made at once. */
    void cut() {
        links.forEach(Link::reset);
    }

    /** Breaks all connections off, and refuses new ones until {@link #heal}. */
    synchronized void refuse() {
        shut();
        cut();
    }

    /** Swallows whatever is sent, and nobody is told, until {@link #heal}. */
    void swallow() {
        gate.set(Gate.State.SWALLOWING);
    }

    /** Holds back whatever is sent until {@link #heal}; then it arrives, late. */
    void hold() {
        gate.set(Gate.State.HOLDING);
    }

    /** Lets everything pass; connections that have lost something are broken off. */
    synchronized void heal() {
        if (door == null) {
            listen();
        }
        gate.set(Gate.State.OPEN);
        links.stream().filter(link -> link.hasLost).forEach(Link::reset);
    }

    @Override
    public synchronized void close() {
        shut();
        gate.set(Gate.State.OPEN);
        cut();
    }

    private void listen() {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            door = opened;
            daemon("proxy-" + port, () -> accept(opened));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void shut() {
        if (door != null) {
            close(door);
            door = null;
        }
    }

    private void accept(ServerSocket opened) {
        while (!opened.isClosed()) {
            try {
                link(opened.accept(), opened);
            } catch (IOException e) {
                // The door was shut.
            }
        }
    }

    /** A link is known before its server can see it: none that somebody talks through is forgotten when links are broken off. */
    private void link(Socket client, ServerSocket opened) {
        Link link = new Link(client, new Socket());
        links.add(link);
        try {
            link.server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException serverIsAway) {
            link.reset();
            return;
        }
        if (opened.isClosed()) {
            link.reset();
        }
        daemon("proxy-" + port + "-there", () -> link.pump(client, link.server));
        daemon("proxy-" + port + "-back", () -> link.pump(link.server, client));
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, NO_LINGER);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean hasLost;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** An end is passed on behind everything that was sent before it, as by the kernel of a process that was killed. */
        void pump(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (gate.pass()) {
                        out.write(buffer, 0, length);
                    } else {
                        hasLost = true;
                    }
                }
                gate.awaitOpen();
                end(from, to);
            } catch (IOException e) {
                gate.awaitOpen();
                reset();
            }
        }

        private void end(Socket from, Socket to) throws IOException {
            if (hasLost) {
                reset();
                return;
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                reset();
            }
        }

        void reset() {
            links.remove(this);
            TcpProxy.reset(client);
            TcpProxy.reset(server);
        }
    }

    /** What becomes of the bytes. */
    private static final class Gate {

        private State state = State.OPEN;

        synchronized void set(State next) {
            state = next;
            notifyAll();
        }

        /** Waits while bytes are held back, and tells whether they may go on. */
        synchronized boolean pass() {
            while (state == State.HOLDING) {
                await();
            }
            return state == State.OPEN;
        }

        /** Nobody hears of the end of a connection while nothing passes. */
        synchronized void awaitOpen() {
            while (state != State.OPEN) {
                await();
            }
        }

        private synchronized void await() {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while bytes were held back", e);
            }
        }

        enum State {
            OPEN,
            HOLDING,
            SWALLOWING
        }
    }
}
