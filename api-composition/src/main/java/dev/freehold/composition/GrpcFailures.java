package dev.freehold.composition;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** What kind of failure an exception of a gRPC stub is, by its status code. Loaded only where gRPC is. */
final class GrpcFailures {

    private GrpcFailures() {}

    static @Nullable Cause known(Throwable thrown) {
        Status.Code code = code(thrown);
        if (code == null) {
            return null;
        }
        return switch (code) {
            case DEADLINE_EXCEEDED -> Cause.TIMEOUT;
            case UNAVAILABLE -> Cause.CONNECTION;
            case CANCELLED -> Cause.CANCELLED;
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    RESOURCE_EXHAUSTED -> Cause.CLIENT_ERROR;
            case OK, UNKNOWN, ABORTED, UNIMPLEMENTED, INTERNAL, DATA_LOSS -> Cause.SERVER_ERROR;
        };
    }

    static boolean isNotFound(Throwable thrown) {
        return code(thrown) == Status.Code.NOT_FOUND;
    }

    private static Status.@Nullable Code code(Throwable thrown) {
        if (thrown instanceof StatusRuntimeException failed) {
            return failed.getStatus().getCode();
        }
        return thrown instanceof StatusException failed ? failed.getStatus().getCode() : null;
    }
}
