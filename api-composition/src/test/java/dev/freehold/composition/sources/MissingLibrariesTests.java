package dev.freehold.composition.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import io.micrometer.context.ContextRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;

/** A class path with what the module requires, and without anything that it may or may not have. */
class MissingLibrariesTests {

    /** Runs on that class path: it has all classes from there. */
    public static final class Service implements Callable<String> {

        public record Order(long id) {}

        public record Customer(long id) {}

        @ComposedView(root = "orders", budget = "30s")
        public record Row(
                @Root Order order,
                @One(source = "customers", key = "order.id") Part<Customer> customer,
                @One(source = "broken", key = "order.id") Part<Customer> broken) {}

        @RootSource(name = "orders", sort = "id")
        public List<Order> orders(Keyset at, int limit) {
            return List.of(new Order(7));
        }

        @Source(name = "customers", id = "id")
        public CompletableFuture<List<Customer>> customers(Set<Long> ids) {
            return CompletableFuture.completedFuture(List.of(new Customer(7)));
        }

        @Source(name = "broken", id = "id")
        public List<Customer> broken(Set<Long> ids) {
            throw new IllegalStateException("a mistake");
        }

        @Override
        public String call() {
            try (Compositions compositions =
                    Compositions.builder().sources(this).views(Row.class).build()) {
                Row row = compositions
                        .view(Row.class)
                        .page(null, Keyset.start(), 5)
                        .rows()
                        .get(0);
                return row.customer().optional() + " " + row.broken();
            }
        }
    }

    private static URLClassLoader required() {
        URL[] places = Stream.of(
                        MissingLibrariesTests.class,
                        Compositions.class,
                        AopUtils.class,
                        ApplicationContext.class,
                        BeanFactory.class,
                        ResolvableType.class,
                        ContextRegistry.class,
                        Logger.class,
                        LogFactory.class,
                        Nullable.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
    }

    @Test
    void isEnough() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader all = thread.getContextClassLoader();
        try (URLClassLoader required = required()) {
            thread.setContextClassLoader(required);
            Callable<?> service = (Callable<?>)
                    required.loadClass(Service.class.getName()).getConstructor().newInstance();

            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> required.loadClass("org.reactivestreams.Publisher"));
            assertThat(service.call())
                    .isEqualTo("Optional[Customer[id=7]] Unavailable[source=broken, cause=ERROR, retryAfter=null]");
        } finally {
            thread.setContextClassLoader(all);
        }
    }
}
