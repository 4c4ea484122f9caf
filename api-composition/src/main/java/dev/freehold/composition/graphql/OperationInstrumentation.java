package dev.freehold.composition.graphql;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationExecutionParameters;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Begins an {@link Operation} on the thread that asks for it, and tells which sources gave stale answers. */
final class OperationInstrumentation extends SimplePerformantInstrumentation {

    private static final String STALE = "staleSources";

    @Override
    public ExecutionInput instrumentExecutionInput(
            ExecutionInput input, InstrumentationExecutionParameters parameters, @Nullable InstrumentationState state) {
        Operation.of(input.getGraphQLContext());
        return input;
    }

    @Override
    public CompletableFuture<ExecutionResult> instrumentExecutionResult(
            ExecutionResult result,
            InstrumentationExecutionParameters parameters,
            @Nullable InstrumentationState state) {
        Set<String> stale = Operation.of(parameters.getGraphQLContext()).staleSources();
        return CompletableFuture.completedFuture(
                stale.isEmpty() ? result : result.transform(builder -> builder.addExtension(STALE, stale)));
    }
}
