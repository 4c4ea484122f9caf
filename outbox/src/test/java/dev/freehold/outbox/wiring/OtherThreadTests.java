package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Method;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** A transaction belongs to a thread: work handed to another one is not in it, though the code looks as if it were. */
class OtherThreadTests {

    @RegisterExtension
    static final Database database = new Database();

    private static final ExecutorService executor = Executors.newSingleThreadExecutor();
    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    @AfterAll
    static void stop() {
        executor.shutdown();
    }

    @Test
    void refusesAnAsynchronousMethod() {
        try (AnnotationConfigApplicationContext context =
                service.context(Orders.class, Notifier.class, Annotations.class)) {
            BlockingQueue<CompletableFuture<Void>> told = new ArrayBlockingQueue<>(1);
            context.getBean(Orders.class).place("1", told);
            Refusal.in(causeOf(told.remove()), "@Async", "on the thread that began the transaction");
        }

        assertOrderWithoutEvent();
    }

    @Test
    void refusesAStageOfAFuture() {
        refusesOnOtherThread(() -> {
            CompletableFuture<Void> published =
                    CompletableFuture.completedFuture("1").thenAcceptAsync(service::publish, executor);
            return causeOf(published);
        });
    }

    @Test
    void refusesATaskOfAnExecutor() {
        refusesOnOtherThread(() -> causeOf(CompletableFuture.runAsync(() -> service.publish("1"), executor)));
    }

    /** The caller's own thread takes part in a parallel stream: what it published goes with the others' refusal. */
    @Test
    void refusesAParallelStream() {
        Thread caller = Thread.currentThread();
        CountDownLatch otherTried = new CountDownLatch(1);

        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.place("1");
                    IntStream.range(0, 1_000).parallel().forEach(n -> {
                        if (Thread.currentThread() != caller) {
                            otherTried.countDown();
                        }
                        service.publish("event-" + n);
                        await(otherTried);
                    });
                }),
                "parallel stream");

        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void refusesAVirtualThread() {
        refusesOnOtherThread(() -> {
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            Runnable task = () -> failure.set(catchThrowable(() -> service.publish("1")));
            ((Thread) start.invoke(null, task)).join();
            return failure.get();
        });
    }

    @Test
    void refusesASubscriberOfAReactivePipeline() {
        refusesOnOtherThread(() -> {
            CompletableFuture<Void> finished;
            try (SubmissionPublisher<String> pipeline = new SubmissionPublisher<>(executor, Flow.defaultBufferSize())) {
                finished = pipeline.consume(service::publish);
                pipeline.submit("1");
            }
            return causeOf(finished);
        });
    }

    private static void refusesOnOtherThread(FailureOnOtherThread mistake) {
        service.inTransaction(() -> {
            service.place("1");
            Refusal.in(mistake.failure(), "on the thread that began the transaction", "another executor");
        });
        assertOrderWithoutEvent();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertOrderWithoutEvent() {
        assertThat(database.orders()).containsExactly("1");
        assertThat(database.events()).isEmpty();
    }

    private static @Nullable Throwable causeOf(CompletableFuture<?> future) {
        return catchThrowable(future::join).getCause();
    }

    interface FailureOnOtherThread {
        @Nullable
        Throwable get() throws Exception;

        default @Nullable Throwable failure() {
            try {
                return get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @EnableAsync(proxyTargetClass = true)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Annotations {}

    static class Orders {
        private final Service service;
        private final Notifier notifier;

        Orders(Service service, Notifier notifier) {
            this.service = service;
            this.notifier = notifier;
        }

        @Transactional
        public void place(String id, BlockingQueue<CompletableFuture<Void>> told) {
            service.place(id);
            told.add(notifier.tell(id));
        }
    }

    static class Notifier {
        private final Service service;

        Notifier(Service service) {
            this.service = service;
        }

        @Async
        public CompletableFuture<Void> tell(String id) {
            service.publish(id);
            return CompletableFuture.completedFuture(null);
        }
    }
}
