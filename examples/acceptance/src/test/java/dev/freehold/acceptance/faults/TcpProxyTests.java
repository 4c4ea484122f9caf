package dev.freehold.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTests {

    private static final int SOON_MILLIS = 100;
    private static final int LIMIT_MILLIS = 30_000;

    private final TcpProxy proxy = new TcpProxy();
    private final ServerSocket server = open();

    /** Our end, and that of the server. */
    private Socket near = new Socket();

    private Socket far = new Socket();

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void connect() throws IOException {
        proxy.leadTo(server.getLocalPort());
        near = connectToProxy();
        far = server.accept();
        far.setSoTimeout(LIMIT_MILLIS);
    }

    private Socket connectToProxy() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        near.close();
        far.close();
        server.close();
    }

    @Test
    void passesBytesOnInBothDirections() throws IOException {
        assertPasses(near, far);
        assertPasses(far, near);
    }

    @Test
    void passesAnEndOnBehindWhatWasSentBefore() throws IOException {
        near.getOutputStream().write(7);
        near.close();

        assertThat(far.getInputStream().read()).isEqualTo(7);
        assertThat(far.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void cutsConnectionsAndTakesNewOnes() throws IOException {
        proxy.cut();

        assertIsBroken(near);
        assertIsBroken(far);
        reconnect();
        assertPasses(near, far);
    }

    @Test
    void refusesConnectionsUntilItIsHealed() throws IOException {
        proxy.refuse();

        assertIsBroken(near);
        assertThatThrownBy(this::connectToProxy).isInstanceOf(ConnectException.class);
        proxy.heal();
        reconnect();
        assertPasses(near, far);
    }

    @Test
    void swallowsBytesAndEndsAndThenBreaksOff() throws IOException {
        proxy.swallow();
        near.getOutputStream().write(7);

        assertNothingComesTo(far);
        near.close();
        assertNothingComesTo(far);
        proxy.heal();
        assertIsBroken(far);
    }

    @Test
    void keepsConnectionsThatWereSilentWhileItSwallowed() throws IOException {
        proxy.swallow();
        proxy.heal();

        assertPasses(near, far);
    }

    @Test
    void holdsBytesBackAndLetsThemArriveLateEvenIfTheirSenderIsGone() throws IOException {
        proxy.hold();
        near.getOutputStream().write(7);
        near.close();

        assertNothingComesTo(far);
        proxy.heal();
        assertThat(far.getInputStream().read()).isEqualTo(7);
        assertThat(far.getInputStream().read()).isEqualTo(-1);
    }

    private void reconnect() throws IOException {
        near = connectToProxy();
        far = server.accept();
        far.setSoTimeout(LIMIT_MILLIS);
    }

    private static void assertPasses(Socket from, Socket to) throws IOException {
        from.getOutputStream().write(42);
        assertThat(to.getInputStream().read()).isEqualTo(42);
    }

    private static void assertIsBroken(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    private static void assertNothingComesTo(Socket socket) throws IOException {
        socket.setSoTimeout(SOON_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(LIMIT_MILLIS);
    }
}
