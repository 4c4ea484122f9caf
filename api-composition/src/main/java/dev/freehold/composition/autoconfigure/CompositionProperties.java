package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.http.BudgetHeader;
import dev.freehold.composition.http.ConsistencyHeader;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of API composition.
 *
 * @param enabled whether to find sources and views
 * @param budget how long a page may take unless its view says otherwise, 1 ms to 10 minutes
 * @param concurrency how many calls of a source may be in flight at once in this process, 1 to 10,000
 * @param concurrencyOfPage how many calls of a page may be in flight at once, 1 to 10,000
 * @param concurrencyOfProcess how many calls may be in flight in this process, 1 to 10,000
 * @param analyzeHeader header of a request that asks for how its page was made, in the answer's Server-Timing; none unless set
 * @param budgetHeader header that tells asked services how many milliseconds are left, and that is heeded when they are asked; empty:
 *     none
 * @param consistencyHeader header that tells a page, and the services that its sources ask, what they should have seen; empty: none
 * @param graphql what is there with Spring for GraphQL
 * @param sources settings of single sources, by name
 */
@ConfigurationProperties("freehold.composition")
record CompositionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1s") Duration budget,
        @DefaultValue("8") int concurrency,
        @DefaultValue("16") int concurrencyOfPage,
        @DefaultValue("256") int concurrencyOfProcess,
        @DefaultValue("") String analyzeHeader,
        @DefaultValue(BudgetHeader.DEFAULT_NAME) String budgetHeader,
        @DefaultValue(ConsistencyHeader.DEFAULT_NAME) String consistencyHeader,
        @DefaultValue GraphQl graphql,
        @DefaultValue Map<String, OfSource> sources) {

    /**
     * With Spring for GraphQL.
     *
     * @param enabled whether sources are batch loaders of their names, and what is unavailable is an error of its field
     */
    record GraphQl(@DefaultValue("true") boolean enabled) {}

    /**
     * Settings of a source.
     *
     * @param concurrency how many calls of it may be in flight at once in this process; as for all sources unless set
     * @param retryShare of all its calls within ten seconds, how many may be retries, 0 to 1; one may be in any case
     */
    record OfSource(
            @Nullable Integer concurrency,
            @DefaultValue("0.1") double retryShare) {}
}
