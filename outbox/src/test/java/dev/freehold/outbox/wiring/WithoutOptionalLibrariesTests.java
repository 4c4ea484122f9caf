package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.fixture.TestDatabase;
import dev.freehold.outbox.Outbox;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A service with Spring JDBC alone must not meet a class of a library that it does not have. */
class WithoutOptionalLibrariesTests {

    @RegisterExtension
    static final Database database = new Database();

    private static final Pattern OPTIONAL = Pattern.compile(
            "(spring-orm|spring-kafka|spring-boot|spring-web|jakarta\\.servlet|tomcat|spring-data|jakarta\\.persistence|hibernate|kafka|micrometer-tracing).*");

    @Test
    void storesWithSpringJdbcAlone() throws Exception {
        try (URLClassLoader service = new URLClassLoader(requiredLibraries(), ClassLoader.getPlatformClassLoader())) {
            for (String absent : List.of(
                    "jakarta.persistence.EntityManager",
                    "org.springframework.orm.jpa.JpaTransactionManager",
                    "org.springframework.kafka.core.ProducerFactory",
                    "io.micrometer.tracing.Tracer",
                    "jakarta.servlet.Filter",
                    "org.springframework.web.filter.OncePerRequestFilter",
                    "org.springframework.boot.SpringApplication")) {
                assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> service.loadClass(absent));
            }
            run(service.loadClass(PlainService.class.getName()), database.address());
        }

        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).containsExactly("1");
    }

    @SuppressWarnings("unchecked")
    private static void run(Class<?> program, TestDatabase address) throws ReflectiveOperationException {
        ((Consumer<String[]>) program.getDeclaredConstructor().newInstance())
                .accept(new String[] {address.url(), address.user(), address.password()});
    }

    private static URL[] requiredLibraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !OPTIONAL.matcher(path.getFileName().toString()).matches())
                .map(WithoutOptionalLibrariesTests::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Loaded a second time, without the optional libraries; takes the address of the database. */
    public static final class PlainService implements Consumer<String[]> {
        @Override
        public void accept(String[] address) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(address[0]);
            source.setUser(address[1]);
            source.setPassword(address[2]);
            DataSourceTransactionManager manager = new DataSourceTransactionManager(source);
            Outbox outbox = Outbox.builder()
                    .dataSource(source)
                    .transactionManager(manager)
                    .build();
            new TransactionTemplate(manager).executeWithoutResult(status -> {
                Database.placeOrder(source, "1");
                outbox.publish(new OrderPlaced("1"));
            });
        }
    }
}
