package dev.freehold.inbox;

import dev.freehold.outbox.internal.TransactionManagers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Notes ids in the transaction of their effects. */
final class DefaultInbox implements Inbox {

    private static final int LONGEST_NAME = 255;

    private final InboxStore store;
    private final TransactionOperations transaction;
    private final JsonMapper json;
    private final InboxSettings settings;

    private final UnaryOperator<String> placeholders;

    private DefaultInbox(
            InboxStore store,
            TransactionOperations transaction,
            JsonMapper json,
            InboxSettings settings,
            UnaryOperator<String> placeholders) {
        this.store = store;
        this.transaction = transaction;
        this.json = json;
        this.settings = settings;
        this.placeholders = placeholders;
    }

    @Override
    public boolean once(String consumer, String id, Runnable action) {
        checkName("consumer", consumer);
        if (id.isBlank()) {
            throw new InboxException(
                    "The inbox got a blank id for consumer '%s'.".formatted(consumer),
                    "Give it the message's own id: all messages with one id count as one.");
        }
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean first =
                    !store.note(consumer, List.of(MessageIds.of("", id))).isEmpty();
            if (first) {
                action.run();
            }
            return first;
        }));
    }

    @Override
    public List<InboxConsumer> consumers(String defaultGroup, Collection<?> beans) {
        Map<String, List<ListenerMethod>> groups = new LinkedHashMap<>();
        for (Object bean : beans) {
            for (ListenerMethod method : ListenerMethod.of(bean, defaultGroup, placeholders)) {
                groups.computeIfAbsent(method.group(), group -> new ArrayList<>())
                        .add(method);
            }
        }
        List<InboxConsumer> consumers = new ArrayList<>();
        groups.forEach((group, methods) -> {
            checkName("group", group);
            consumers.add(new DefaultInboxConsumer(group, methods, store, transaction, json, settings));
        });
        return consumers;
    }

    private static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new InboxException(
                    "The inbox got the %s '%s'.".formatted(what, name),
                    "A %s is a name of 1 to %d characters that stays the same for ever: handled ids are noted under it."
                            .formatted(what, LONGEST_NAME));
        }
    }

    /** Collects what an inbox needs. */
    static final class Builder implements Inbox.Builder {

        private @Nullable DataSource dataSource;
        private @Nullable PlatformTransactionManager transactionManager;
        private JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        private InboxSettings settings = InboxSettings.defaults();
        private UnaryOperator<String> placeholders = UnaryOperator.identity();

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
        public Inbox.Builder settings(InboxSettings chosen) {
            this.settings = chosen;
            return this;
        }

        @Override
        public Inbox.Builder placeholders(UnaryOperator<String> resolver) {
            this.placeholders = resolver;
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
            InboxTables.check(dataSource);
            return new DefaultInbox(
                    new PostgresInboxStore(dataSource),
                    new TransactionTemplate(transactionManager),
                    json.rebuild()
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .build(),
                    settings,
                    placeholders);
        }
    }
}
