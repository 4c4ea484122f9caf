package dev.freehold.benchmark.composition;

import dev.freehold.composition.CallScope;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.CompositionsBuilder;
import dev.freehold.composition.View;
import dev.freehold.composition.resilience.Resilience4jPolicies;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Duration;
import java.util.List;

/** Freehold, put together by its builder. */
final class FreeholdContestant implements Contestant {

    /** Those of the process are enough for all sources; a page asks for fewer anyway. */
    private static final int MOST_CALLS = 10_000;

    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Compositions compositions;
    private final View<FreeholdRow.Joined, Void> joined;
    private final View<FreeholdRow.Addressed, Void> addressed;
    private final View<FreeholdRow.OfCustomer, Void> ofCustomer;

    FreeholdContestant(Services services, Rules rules) {
        CompositionsBuilder builder = Compositions.builder()
                .sources(new FreeholdSources(services))
                .views(FreeholdRow.Joined.class, FreeholdRow.Addressed.class, FreeholdRow.OfCustomer.class)
                .budget(rules.budget())
                .concurrency(rules.pages())
                .concurrency(FreeholdSources.CUSTOMERS_IN_BATCHES, Rules.FEW_CALLS)
                .concurrencyOfProcess(MOST_CALLS)
                .scope(scope(rules));
        if (rules.attempts() > 1) {
            builder.policies(retries(rules.attempts()));
        }
        compositions = builder.build();
        joined = compositions.view(FreeholdRow.Joined.class);
        addressed = compositions.view(FreeholdRow.Addressed.class);
        ofCustomer = compositions.view(FreeholdRow.OfCustomer.class);
    }

    private static CallScope scope(Rules rules) {
        return switch (rules.scope()) {
            case SAME -> () -> "everybody";
            case OF_EACH -> () -> null;
        };
    }

    /** For the source that is going to fail. */
    private static Resilience4jPolicies retries(int attempts) {
        RetryRegistry retries = RetryRegistry.ofDefaults();
        retries.retry(
                "customers",
                RetryConfig.custom().maxAttempts(attempts).waitDuration(PAUSE).build());
        return new Resilience4jPolicies(
                new Resilience4jPolicies.Registries(retries, null, null, null, null),
                source -> Resilience4jPolicies.DEFAULT_RETRY_SHARE);
    }

    @Override
    public List<? extends Row> join(List<Order> orders) {
        return joined.compose(orders).rows();
    }

    @Override
    public List<? extends Row> page(List<Order> orders) {
        return addressed.compose(orders).rows();
    }

    @Override
    public List<? extends Row> customersInBatches(List<Order> orders) {
        return ofCustomer.compose(orders).rows();
    }

    @Override
    public int callsInFlight() {
        return compositions.callsInFlight().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Override
    public void close() {
        compositions.close();
    }
}
