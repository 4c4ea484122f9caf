package dev.freehold.composition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * How a method answers that returns a {@code Mono}, a {@code Flux}, or whatever else Spring can make a publisher of. There is none
 * where Reactive Streams are not.
 */
record ReactiveAnswer(ReactiveAdapter adapter) {

    /** Null if it is another type; a future, too, which needs no publisher. */
    static @Nullable ReactiveAnswer of(ResolvableType returned) {
        Class<?> raw = PropertyPath.raw(returned);
        ReactiveAdapter adapter = CompletionStage.class.isAssignableFrom(raw)
                ? null
                : ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        return adapter == null ? null : new ReactiveAnswer(adapter);
    }

    /** What is in it: a list, unless there is one value at most. */
    ResolvableType content(ResolvableType returned) {
        ResolvableType value = returned.as(adapter.getReactiveType()).getGeneric(0);
        return adapter.isMultiValue() ? ResolvableType.forClassWithGenerics(List.class, value) : value;
    }

    /** Subscribes, and asks for no more values than are wanted. Who cancels the future cancels the subscription. */
    CompletableFuture<?> subscribe(Object returned, int wanted) {
        return Values.of(adapter.toPublisher(returned), wanted, adapter.isMultiValue());
    }

    /** Loaded only where Reactive Streams are: so nothing outside of it takes one for a subscriber or a future. */
    private static final class Values extends CompletableFuture<@Nullable Object> implements Subscriber<Object> {

        private final List<Object> values = new ArrayList<>();
        private final int wanted;
        private final boolean several;
        private volatile @Nullable Subscription subscription;

        private Values(int wanted, boolean several) {
            this.wanted = wanted;
            this.several = several;
        }

        static CompletableFuture<?> of(Publisher<Object> publisher, int wanted, boolean several) {
            Values values = new Values(wanted, several);
            publisher.subscribe(values);
            return values;
        }

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
            if (isCancelled()) {
                begun.cancel();
            } else {
                begun.request(wanted);
            }
        }

        @Override
        public void onNext(Object value) {
            values.add(value);
            if (values.size() == wanted) {
                unsubscribe();
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failed) {
            completeExceptionally(failed);
        }

        @Override
        public void onComplete() {
            complete(several ? values : values.isEmpty() ? null : values.get(0));
        }

        @Override
        public boolean cancel(boolean interrupt) {
            boolean cancelled = super.cancel(interrupt);
            if (cancelled) {
                unsubscribe();
            }
            return cancelled;
        }

        private void unsubscribe() {
            Subscription begun = subscription;
            if (begun != null) {
                begun.cancel();
            }
        }
    }
}
