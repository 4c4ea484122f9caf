package dev.freehold.composition;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** What kind of failure an exception of a gRPC stub is, by its status code. Loaded only where gRPC is. */
final class GrpcFailures {

    /** What gRPC's client says, beside that it cancels the call, when it cannot parse a message. */
    private static final String UNREADABLE = "Failed to read message.";

    private GrpcFailures() {}

    static @Nullable Cause known(Throwable thrown) {
        Status status = status(thrown);
        if (status == null) {
            return null;
        }
        if (isUnreadable(thrown)) {
            return Cause.UNREADABLE;
        }
        return switch (status.getCode()) {
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

    /** Whether a message came, whole, and could not be parsed. */
    static boolean isUnreadable(Throwable thrown) {
        Status status = status(thrown);
        return status != null
                && status.getCode() == Status.Code.CANCELLED
                && UNREADABLE.equals(status.getDescription());
    }

    static boolean isNotFound(Throwable thrown) {
        Status status = status(thrown);
        return status != null && status.getCode() == Status.Code.NOT_FOUND;
    }

    private static @Nullable Status status(Throwable thrown) {
        if (thrown instanceof StatusRuntimeException failed) {
            return failed.getStatus();
        }
        return thrown instanceof StatusException failed ? failed.getStatus() : null;
    }
}
