package dev.freehold.composition.graphql;

import dev.freehold.composition.Compositions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.graphql.execution.BatchLoaderRegistry;

/**
 * Makes each source a batch loader of Spring for GraphQL, of the source's name, unless the application has one of that name; and what is
 * unavailable an error of the field that asked for it.
 *
 * <p>A batch is a lookup: it takes no longer than a page may, nor than the {@code Budget} of the thread that asked for the operation, or
 * that an interceptor has put into the {@code GraphQLContext} under {@code Budget.class}. It waits on a thread of its own, so batches
 * of several sources go on at once, and the engine goes on with the operation there. Its sources know what the thread of the request
 * knew, whichever thread the engine is on.
 *
 * <p>A load that begins when another load of the same field has ended is sent off only if graphql-java is told to chain loads; without,
 * it never ends.
 */
@AutoConfiguration(
        afterName = {
            "dev.freehold.composition.autoconfigure.CompositionAutoConfiguration",
            "org.springframework.boot.graphql.autoconfigure.GraphQlAutoConfiguration"
        })
@ConditionalOnClass(BatchLoaderRegistry.class)
@ConditionalOnBean({Compositions.class, BatchLoaderRegistry.class})
@ConditionalOnProperty(name = "freehold.composition.graphql.enabled", matchIfMissing = true)
public final class CompositionGraphQlAutoConfiguration {

    @Bean
    @Lazy(false) // or there would be no loaders
    SourceLoaders compositionSourceLoaders(Compositions compositions, BatchLoaderRegistry registry) {
        return new SourceLoaders(compositions, registry);
    }

    @Bean
    OperationInstrumentation compositionOperations() {
        return new OperationInstrumentation();
    }

    @Bean
    CompositionErrors compositionErrors() {
        return new CompositionErrors();
    }
}
