package dev.freehold.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.servers.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class RunningServiceTests {

    private static final Database NONE = new Database("jdbc:postgresql://localhost:1/none", "none", "none");

    private static final CompletableFuture<Boolean> rivalWon = new CompletableFuture<>();

    /** Tries to take the service's port while it starts, as another shop may. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {
                FlywayAutoConfiguration.class,
                HibernateJpaAutoConfiguration.class,
                DataJpaRepositoriesAutoConfiguration.class
            })
    static class Rival {

        @Bean
        Object attempt(@Value("${server.port}") int port) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                rivalWon.complete(socket.isBound());
            } catch (IOException busy) {
                rivalWon.complete(false);
            }
            return "attempted";
        }
    }

    @Test
    void keepsItsPortWhileItStarts() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RunningService service = RunningService.start(
                Rival.class,
                Port.near(port),
                NONE,
                "--freehold.outbox.enabled=false",
                "--freehold.composition.enabled=false")) {
            assertThat(rivalWon).isCompletedWithValue(false);
            assertThat(service.port()).isEqualTo(port);
        }
    }
}
