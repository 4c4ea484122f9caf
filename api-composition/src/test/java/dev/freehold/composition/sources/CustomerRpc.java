package dev.freehold.composition.sources;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A gRPC service over a real socket that knows customers by their ids, all but 8, and a channel to it. */
final class CustomerRpc implements AutoCloseable {

    record Customer(long id, String name) {}

    /** In place of what {@code protoc} would generate: numbers, and rows such as {@code 7=Ada}. */
    static final MethodDescriptor<List<Long>, List<Customer>> SEARCH = method(lines(CustomerRpc::customer));

    /** The same for a service that can answer with anything. */
    private static final MethodDescriptor<List<Long>, List<String>> SERVED = method(lines(line -> line));

    private final Server server;
    private final ManagedChannel channel;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile boolean silent;
    private volatile Status status = Status.OK;
    private volatile String suffix = "=Ada";
    private volatile @Nullable Deadline deadline;

    CustomerRpc() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("Customers")
                        .addMethod(SERVED, ServerCalls.asyncUnaryCall(this::search))
                        .build())
                .build()
                .start();
        channel = ManagedChannelBuilder.forAddress("localhost", server.getPort())
                .usePlaintext()
                .build();
    }

    private void search(List<Long> ids, StreamObserver<List<String>> caller) {
        calls.incrementAndGet();
        deadline = Context.current().getDeadline();
        ((ServerCallStreamObserver<List<String>>) caller).setOnCancelHandler(cancelled::incrementAndGet);
        if (silent) {
            return;
        }
        if (!status.isOk()) {
            caller.onError(status.asRuntimeException());
            return;
        }
        caller.onNext(ids.stream().filter(id -> id != 8).map(id -> id + suffix).toList());
        caller.onCompleted();
    }

    ManagedChannel channel() {
        return channel;
    }

    void answerWith(Status failure) {
        status = failure;
    }

    void answerWithGarbage() {
        suffix = "?";
    }

    void neverAnswer() {
        silent = true;
    }

    void goAway() {
        server.shutdownNow();
    }

    int calls() {
        return calls.get();
    }

    /** How many calls were given up by who called. */
    int cancelled() {
        return cancelled.get();
    }

    /** Of the last call. */
    @Nullable
    Deadline deadline() {
        return deadline;
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    }

    private static Customer customer(String line) {
        String[] parts = line.split("=", -1);
        if (parts.length != 2) { // as Protobuf's
            throw Status.INTERNAL
                    .withDescription("Invalid protobuf byte sequence")
                    .asRuntimeException();
        }
        return new Customer(Long.parseLong(parts[0]), parts[1]);
    }

    private static <R> MethodDescriptor<List<Long>, List<R>> method(MethodDescriptor.Marshaller<List<R>> rows) {
        return MethodDescriptor.<List<Long>, List<R>>newBuilder(lines(Long::valueOf), rows)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("Customers/Search")
                .build();
    }

    private static <T> MethodDescriptor.Marshaller<List<T>> lines(Function<String, T> reader) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(List<T> values) {
                String text = values.stream().map(String::valueOf).collect(Collectors.joining("\n"));
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public List<T> parse(InputStream stream) {
                try {
                    String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    return text.lines().map(reader).toList();
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            }
        };
    }
}
