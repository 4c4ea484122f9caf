package dev.freehold.outbox;

import dev.freehold.outbox.internal.TransactionManagers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.Assert;
import tools.jackson.databind.json.JsonMapper;

/** Puts an outbox together and binds it to its transaction managers. */
final class DefaultOutboxBuilder implements Outbox.Builder {

    private static final int LARGEST_PAYLOAD = 16 << 20;

    private @Nullable DataSource dataSource;
    private final Set<PlatformTransactionManager> managers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final EventTypes types = new EventTypes();
    private JsonMapper json = JsonMapper.builder().findAndAddModules().build();
    private PayloadCodec codec = PayloadCodec.NONE;
    private int maxPayloadBytes = 900 << 10;
    private Supplier<@Nullable String> traceparent = () -> null;
    private @Nullable Runnable wakeUp;
    private Duration retention = LogParts.DEFAULT_RETENTION;

    @Override
    public Outbox.Builder dataSource(DataSource ownDatabase) {
        this.dataSource = TransactionManagers.unwrap(ownDatabase);
        return this;
    }

    @Override
    public Outbox.Builder transactionManager(PlatformTransactionManager transactionManager) {
        managers.add(transactionManager);
        return this;
    }

    @Override
    public Outbox.Builder events(Class<?>... eventTypes) {
        for (Class<?> eventType : eventTypes) {
            types.of(eventType);
        }
        return this;
    }

    @Override
    public Outbox.Builder jsonMapper(JsonMapper jsonMapper) {
        this.json = jsonMapper;
        return this;
    }

    @Override
    public Outbox.Builder payloadCodec(PayloadCodec payloadCodec) {
        this.codec = payloadCodec;
        return this;
    }

    @Override
    public Outbox.Builder maxPayloadBytes(int bytes) {
        Assert.isTrue(
                bytes >= 1 && bytes <= LARGEST_PAYLOAD,
                () -> "maxPayloadBytes must be between 1 and " + LARGEST_PAYLOAD + ", was " + bytes);
        this.maxPayloadBytes = bytes;
        return this;
    }

    @Override
    public Outbox.Builder traceparent(Supplier<@Nullable String> current) {
        this.traceparent = current;
        return this;
    }

    @Override
    public Outbox.Builder afterCommit(Runnable afterCommit) {
        this.wakeUp = afterCommit;
        return this;
    }

    @Override
    public Outbox.Builder retention(Duration retention) {
        this.retention = new LogParts(retention).retention();
        return this;
    }

    @Override
    public Outbox build() {
        if (dataSource == null) {
            throw new OutboxException("The outbox has no DataSource.", "Call dataSource(…) with the service's own.");
        }
        if (managers.isEmpty()) {
            throw new OutboxException(
                    "The outbox has no transaction manager.", "Call transactionManager(…) with the service's own.");
        }
        OutboxStore store = OutboxStores.of(dataSource, retention);
        try {
            store.check();
        } catch (SQLException e) {
            throw OutboxStores.unreachable(e);
        }
        DefaultOutbox outbox = new DefaultOutbox(
                dataSource, new EventWriter(types, json, codec, maxPayloadBytes, traceparent, Clock.systemUTC()));
        Runnable afterCommit = wakeUp == null ? new WakeUpCalls(() -> store) : wakeUp;
        for (PlatformTransactionManager manager : managers) {
            TransactionBindings.bind(manager, dataSource, outbox, store, afterCommit);
        }
        return outbox;
    }
}
