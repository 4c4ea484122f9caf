package dev.freehold.composition.graphql;

import dev.freehold.composition.CallerContext;
import dev.freehold.composition.Lookup;
import dev.freehold.composition.Part;
import graphql.GraphQLContext;
import io.micrometer.context.ContextSnapshot;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.dataloader.BatchLoaderEnvironment;
import org.dataloader.Try;
import org.springframework.graphql.execution.ContextPropagationHelper;
import reactor.core.publisher.Mono;

/**
 * Loads from a source by its lookup, which blocks: so on a thread of its own, which knows what the request's did. The engine goes on
 * with the operation on that thread.
 */
final class SourceLoader<K, V> implements BiFunction<Set<K>, BatchLoaderEnvironment, Mono<Map<K, Try<V>>>> {

    private final String source;
    private final Class<?> keyType;
    private final Lookup<K, V> lookup;
    private final Executor threads;

    SourceLoader(String source, Class<?> keyType, Lookup<K, V> lookup, Executor threads) {
        this.source = source;
        this.keyType = keyType;
        this.lookup = lookup;
        this.threads = threads;
    }

    @Override
    public Mono<Map<K, Try<V>>> apply(Set<K> keys, BatchLoaderEnvironment environment) {
        GraphQLContext context = Objects.requireNonNull(environment.getContext());
        Operation operation = Operation.of(context);
        ContextSnapshot engine = ContextPropagationHelper.captureFrom(context);
        CompletableFuture<Map<K, Try<V>>> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try (CallerContext.Scope outer = operation.caller().open();
                    ContextSnapshot.Scope inner = engine.setThreadLocals()) { // such as the operation's observation
                answer.complete(load(keys, operation));
            } catch (Throwable failure) { // or the operation would wait for ever
                answer.completeExceptionally(failure);
            }
        });
        return Mono.fromFuture(answer);
    }

    private Map<K, Try<V>> load(Set<K> keys, Operation operation) {
        Map<K, Try<V>> answers = new HashMap<>();
        Set<K> asked = new LinkedHashSet<>();
        for (K key : keys) {
            if (keyType.isInstance(key)) { // the types of a DataLoader are not checked by anybody
                asked.add(key);
            } else {
                answers.put(key, Try.failed(wrong(key)));
            }
        }
        Map<K, Part<V>> found = operation.within(() -> lookup.find(asked));
        operation.note(source, found);
        found.forEach((key, part) -> answers.put(key, Tries.of(part)));
        return answers;
    }

    private IllegalArgumentException wrong(Object key) {
        return new IllegalArgumentException(
                "source '%s' has keys of %s, was asked for %s of %s: load from a DataLoader<%s, …>"
                        .formatted(
                                source,
                                keyType.getSimpleName(),
                                key,
                                key.getClass().getSimpleName(),
                                keyType.getSimpleName()));
    }
}
