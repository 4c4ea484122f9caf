package dev.freehold.composition.graphql;

import dev.freehold.composition.Compositions;
import dev.freehold.composition.Lookup;
import graphql.GraphQLContext;
import java.util.Set;
import java.util.concurrent.Executor;
import org.dataloader.DataLoaderRegistry;
import org.dataloader.Try;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.graphql.execution.BatchLoaderRegistry;

/** Registers a batch loader of its name for each source, once all others have registered theirs: those stay. */
final class SourceLoaders implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(SourceLoaders.class);

    private final Compositions compositions;
    private final BatchLoaderRegistry registry;
    private final Executor threads = threads();

    SourceLoaders(Compositions compositions, BatchLoaderRegistry registry) {
        this.compositions = compositions;
        this.registry = registry;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<String> taken = taken();
        compositions.sourceTypes().forEach((source, types) -> {
            if (taken.contains(source)) {
                log.info("There is a batch loader '{}' already: that of the source is left out", source);
            } else {
                register(source, types);
            }
        });
    }

    /** The registry does not tell, but it gives each operation all that it has. */
    private Set<String> taken() {
        DataLoaderRegistry all = new DataLoaderRegistry();
        registry.registerDataLoaders(all, GraphQLContext.newContext().build());
        return all.getKeys();
    }

    private void register(String source, Compositions.SourceTypes types) {
        if (types.many()) {
            register(source, types.key(), compositions.lookupMany(source, types.key(), types.row()));
        } else {
            register(source, types.key(), compositions.lookup(source, types.key(), types.row()));
        }
    }

    private <K, V> void register(String source, Class<?> keyType, Lookup<K, V> lookup) {
        registry.<K, Try<V>>forName(source)
                .registerMappedBatchLoader(new SourceLoader<>(source, keyType, lookup, threads));
    }

    /** One for each batch that is waited for, which ends with its budget: a bound would have some wait in line without one. */
    private static Executor threads() {
        SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("composition-graphql-");
        threads.setDaemon(true);
        threads.setVirtualThreads(Runtime.version().feature() >= 21);
        return threads;
    }
}
