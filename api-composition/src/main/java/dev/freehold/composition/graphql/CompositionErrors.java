package dev.freehold.composition.graphql;

import dev.freehold.composition.InvalidKeysetException;
import dev.freehold.composition.SourceUnavailableException;
import dev.freehold.composition.View;
import graphql.ErrorClassification;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.DataFetchingEnvironment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.graphql.execution.DataFetcherExceptionResolverAdapter;
import org.springframework.graphql.execution.ErrorType;

/**
 * Says of a field which source is unavailable, why, and when it is worth asking again; and that a keyset is none, which is the client's
 * mistake.
 */
final class CompositionErrors extends DataFetcherExceptionResolverAdapter {

    private static final Logger log = LoggerFactory.getLogger(View.class);
    private static final ErrorClassification UNAVAILABLE = ErrorClassification.errorClassification("UNAVAILABLE");

    @Override
    protected @Nullable GraphQLError resolveToSingleError(Throwable failure, DataFetchingEnvironment field) {
        if (failure instanceof SourceUnavailableException unavailable) {
            return unavailable(unavailable, field);
        }
        return failure instanceof InvalidKeysetException
                ? GraphqlErrorBuilder.newError(field)
                        .errorType(ErrorType.BAD_REQUEST)
                        .message("%s", failure.getMessage())
                        .build()
                : null;
    }

    private static GraphQLError unavailable(SourceUnavailableException unavailable, DataFetchingEnvironment field) {
        if (unavailable.getCause() != null) {
            log.warn("{}", unavailable.getMessage(), unavailable.getCause()); // nobody else will see it
        }
        return GraphqlErrorBuilder.newError(field)
                .errorType(UNAVAILABLE)
                .message("Source '%s' is unavailable: %s", unavailable.source(), unavailable.kind())
                .extensions(extensions(unavailable))
                .build();
    }

    private static Map<String, Object> extensions(SourceUnavailableException unavailable) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("source", unavailable.source());
        extensions.put("cause", unavailable.kind().name());
        Duration retryAfter = unavailable.retryAfter();
        if (retryAfter != null) {
            extensions.put("retryAfterMillis", retryAfter.toMillis());
        }
        return extensions;
    }
}
