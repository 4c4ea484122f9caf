package dev.freehold.composition;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two policies, of which one surrounds the other.
 *
 * @param outer whose attempts are calls of the inner one
 * @param inner whose attempts are the source's
 */
record PolicyChain(CallPolicy outer, CallPolicy inner) implements CallPolicy {

    /** All of them for a source, the first one outside. */
    static CallPolicy of(List<CallPolicies> all, String source) {
        CallPolicy chain = CallPolicy.none();
        for (int i = all.size() - 1; i >= 0; i--) {
            CallPolicy outer = all.get(i).of(source);
            chain = i == all.size() - 1 ? outer : new PolicyChain(outer, chain);
        }
        return chain;
    }

    @Override
    public @Nullable Object call(Attempt attempt) throws Exception {
        return outer.call(new Surrounded(attempt) {
            @Override
            public @Nullable Object run() throws Exception {
                return inner.call(attempt);
            }

            @Override
            public @Nullable Object run(Duration atMost) throws Exception {
                return inner.call(limited(attempt, atMost));
            }
        });
    }

    private static Attempt limited(Attempt attempt, Duration limit) {
        return new Surrounded(attempt) {
            @Override
            public @Nullable Object run() throws Exception {
                return attempt.run(limit);
            }

            @Override
            public @Nullable Object run(Duration atMost) throws Exception {
                return attempt.run(atMost.compareTo(limit) < 0 ? atMost : limit);
            }
        };
    }

    private abstract static class Surrounded implements Attempt {

        private final Attempt attempt;

        private Surrounded(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public Budget budget() {
            return attempt.budget();
        }

        @Override
        public Duration usual() {
            return attempt.usual();
        }

        @Override
        public void onTrial() {
            attempt.onTrial();
        }
    }
}
