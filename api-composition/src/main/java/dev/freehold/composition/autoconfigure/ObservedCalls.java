package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.CallPolicies;
import dev.freehold.composition.CallPolicy;
import dev.freehold.composition.Cause;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/** An observation of each call of a source, with its retries, named {@code freehold.composition.call}. */
final class ObservedCalls implements CallPolicies {

    private final ObservationRegistry registry;

    ObservedCalls(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public CallPolicy of(String source) {
        return attempt -> {
            Observation observation = Observation.createNotStarted("freehold.composition.call", registry)
                    .contextualName("call " + source)
                    .lowCardinalityKeyValue("source", source)
                    .start();
            try (Observation.Scope scope = observation.openScope()) {
                Object answer = attempt.run();
                observation.lowCardinalityKeyValue("outcome", "ANSWERED");
                return answer;
            } catch (Exception | Error failed) {
                observation.lowCardinalityKeyValue("outcome", Cause.of(failed).name());
                observation.error(failed);
                throw failed;
            } finally {
                observation.stop();
            }
        };
    }
}
