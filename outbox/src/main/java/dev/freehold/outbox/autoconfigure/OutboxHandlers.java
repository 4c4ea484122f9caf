package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Inbox;
import dev.freehold.inbox.InboxException;
import dev.freehold.outbox.OutboxHandler;
import dev.freehold.outbox.OutboxTransport;
import dev.freehold.outbox.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Puts the application's {@link OutboxHandler} methods before a transport. Their beans are asked for when all beans are there,
 * since they may need the outbox, and so the relay.
 */
final class OutboxHandlers implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<Inbox> inbox;
    private final List<String> names;
    private @Nullable OutboxTransport others;
    private volatile @Nullable OutboxTransport handlers;

    OutboxHandlers(ConfigurableListableBeanFactory beans, ObjectProvider<Inbox> inbox) {
        this.beans = beans;
        this.inbox = inbox;
        this.names = AnnotatedBeans.names(OutboxHandler.class, beans);
    }

    /** The transport with them before it; null if there is neither. */
    @Nullable
    OutboxTransport before(@Nullable OutboxTransport transport) {
        if (names.isEmpty()) {
            return transport;
        }
        others = transport == null ? new Nowhere() : transport;
        return new Handlers();
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> present = AnnotatedBeans.names(OutboxHandler.class, beans);
        OutboxTransport behind = others;
        if (behind != null) {
            handlers = inbox.getObject()
                    .transport(present.stream().map(beans::getBean).toList(), behind);
        } else if (!present.isEmpty()) {
            throw new InboxException(
                    "The @OutboxHandler methods of %s were not seen in time.".formatted(present),
                    "Declare the bean by its own class, not by an interface.");
        }
    }

    /** Opened by a relay that starts when the application has. */
    private final class Handlers implements OutboxTransport {

        @Override
        public Session open(String shard) {
            OutboxTransport present = handlers;
            if (present == null) {
                throw new IllegalStateException("the application has not started yet");
            }
            return present.open(shard);
        }

        @Override
        public void prepare() {
            OutboxTransport present = handlers;
            if (present != null) {
                present.prepare();
            }
        }

        @Override
        public void close() {
            OutboxTransport present = handlers;
            if (present != null) {
                present.close();
            }
        }
    }

    /** Where nothing but handlers takes events. */
    private static final class Nowhere implements OutboxTransport, OutboxTransport.Session {

        @Override
        public Session open(String shard) {
            return this;
        }

        @Override
        public Optional<String> obstacle(StoredEvent event) {
            return Optional.of("no @OutboxHandler takes its type, and there is no transport");
        }

        @Override
        public CompletableFuture<Void> send(List<StoredEvent> events, Mark mark) {
            return CompletableFuture.failedFuture(new IllegalStateException("there is no transport"));
        }

        @Override
        public void close() {
            // there is nothing to end
        }
    }
}
