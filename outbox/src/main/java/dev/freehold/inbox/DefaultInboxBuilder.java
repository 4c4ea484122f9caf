package dev.freehold.inbox;

import dev.freehold.outbox.PayloadCodec;
import dev.freehold.outbox.internal.TransactionManagers;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/** Collects what an inbox needs. */
final class DefaultInboxBuilder implements Inbox.Builder {

    private @Nullable DataSource dataSource;
    private @Nullable PlatformTransactionManager transactionManager;
    JsonMapper json = JsonMapper.builder().findAndAddModules().build();
    PayloadCodec codec = PayloadCodec.NONE;
    InboxSettings settings = InboxSettings.defaults();
    UnaryOperator<String> placeholders = UnaryOperator.identity();
    Function<Object, Optional<String>> messageIds = knownToSpring();
    final List<Upcaster> upcasters = new ArrayList<>();
    ObservationRegistry observations = ObservationRegistry.NOOP;
    String defaultGroup = "";
    Supplier<? extends Collection<?>> listeners = List::of;

    @Override
    public Inbox.Builder dataSource(DataSource ownDatabase) {
        this.dataSource = TransactionManagers.unwrap(ownDatabase);
        return this;
    }

    @Override
    public Inbox.Builder transactionManager(PlatformTransactionManager manager) {
        this.transactionManager = manager;
        return this;
    }

    @Override
    public Inbox.Builder jsonMapper(JsonMapper jsonMapper) {
        this.json = jsonMapper;
        return this;
    }

    @Override
    public Inbox.Builder payloadCodec(PayloadCodec payloadCodec) {
        this.codec = payloadCodec;
        return this;
    }

    @Override
    public Inbox.Builder settings(InboxSettings chosen) {
        this.settings = chosen;
        return this;
    }

    private static Function<Object, Optional<String>> knownToSpring() {
        boolean messaging =
                ClassUtils.isPresent("org.springframework.messaging.Message", DefaultInbox.class.getClassLoader());
        return messaging ? SpringMessageIds::of : argument -> Optional.empty();
    }

    @Override
    public Inbox.Builder messageIds(Function<Object, Optional<String>> others) {
        Function<Object, Optional<String>> known = messageIds;
        this.messageIds = argument -> others.apply(argument).or(() -> known.apply(argument));
        return this;
    }

    @Override
    public Inbox.Builder upcasters(Collection<? extends Upcaster> steps) {
        upcasters.addAll(steps);
        return this;
    }

    @Override
    public Inbox.Builder observations(ObservationRegistry registry) {
        this.observations = registry;
        return this;
    }

    @Override
    public Inbox.Builder placeholders(UnaryOperator<String> resolver) {
        this.placeholders = resolver;
        return this;
    }

    @Override
    public Inbox.Builder listeners(String group, Supplier<? extends Collection<?>> beans) {
        this.defaultGroup = group;
        this.listeners = beans;
        return this;
    }

    @Override
    public Inbox build() {
        if (dataSource == null) {
            throw new InboxException("The inbox has no DataSource.", "Call dataSource(…) with the service's own.");
        }
        if (transactionManager == null) {
            throw new InboxException(
                    "The inbox has no transaction manager.", "Call transactionManager(…) with the service's own.");
        }
        if (TransactionManagers.dataSourceOf(transactionManager) != dataSource) {
            throw new InboxException(
                    "The inbox's transaction manager does not work on its DataSource.",
                    "Give both the same DataSource bean: ids are noted in the transaction of their effects.");
        }
        return on(InboxTables.store(dataSource, settings.retention()), transactionManager);
    }

    /** With that store of its database. */
    Inbox on(InboxStore store, PlatformTransactionManager manager) {
        TransactionTemplate transaction = new TransactionTemplate(manager);
        transaction.setIsolationLevel(store.isolation());
        return new DefaultInbox(this, store, transaction);
    }
}
