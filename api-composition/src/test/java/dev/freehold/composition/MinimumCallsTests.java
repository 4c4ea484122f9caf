package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.cache.concurrent.ConcurrentMapCache;

/** Random plans and data: each page is right, and made with the fewest calls. */
class MinimumCallsTests {

    private static final int PLANS = 10_000;

    @Test
    void asksNoMoreOftenThanTheBatchesNeed() {
        for (int seed = 0; seed < PLANS; seed++) {
            RandomPlans random = new RandomPlans(seed);
            SimulatedCaller caller = new SimulatedCaller(null);

            run(random.plan(Integer.MAX_VALUE), caller, random);

            Map<String, Integer> calls = new HashMap<>();
            caller.asked().forEach((source, asked) -> calls.put(source, asked.size()));
            Map<String, Integer> fewest = random.fewestCalls();
            random.steps().stream()
                    .filter(step -> step.source().inline())
                    .forEach(step -> fewest.remove(step.source().name()));
            assertThat(calls).as("calls of plan %d: %s", seed, random).isEqualTo(fewest);
        }
    }

    @Test
    void findsWhatLookingUpOneByOneFinds() {
        for (int seed = 0; seed < PLANS; seed++) {
            RandomPlans random = new RandomPlans(seed);

            Page<Object> page = run(random.plan(1 + seed % 8), new SimulatedCaller(new Random(seed)), random);

            assertThat(page.rows().stream().map(MinimumCallsTests::text).toList())
                    .as("rows of plan %d: %s", seed, random)
                    .isEqualTo(random.expected());
            assertThat(page.isComplete()).isTrue();
        }
    }

    @Test
    void asksForNoKeyTwiceAndNeverForNull() {
        for (int seed = 0; seed < PLANS; seed++) {
            RandomPlans random = new RandomPlans(seed);
            SimulatedCaller caller = new SimulatedCaller(new Random(seed));

            run(random.plan(1 + seed % 8), caller, random);

            caller.asked().forEach((source, calls) -> {
                List<Object> keys = new ArrayList<>();
                calls.forEach(keys::addAll);
                assertThat(keys)
                        .as("keys for %s", source)
                        .doesNotHaveDuplicates()
                        .doesNotContainNull();
            });
        }
    }

    @Test
    void asksForNothingThatACacheKnows() {
        for (int seed = 0; seed < PLANS; seed++) {
            RandomPlans random = new RandomPlans(seed, new ConcurrentMapCache("all"));
            SimulatedCaller caller = new SimulatedCaller(new Random(seed));
            Plan plan = random.plan(1 + seed % 8);
            Object[] some = Arrays.copyOf(random.roots(), random.roots().length / 2);

            run(plan, caller, some);
            Page<Object> page = run(plan, caller, random);
            List<String> history = List.copyOf(caller.history());
            Page<Object> again = run(plan, caller, random);

            caller.asked().forEach((source, calls) -> {
                List<Object> keys = new ArrayList<>();
                calls.forEach(keys::addAll);
                assertThat(keys).as("keys for %s", source).doesNotHaveDuplicates();
            });
            assertThat(caller.history())
                    .as("calls of plan %d: %s", seed, random)
                    .isEqualTo(history);
            for (Page<Object> one : List.of(page, again)) {
                assertThat(one.rows().stream().map(MinimumCallsTests::text).toList())
                        .as("rows of plan %d: %s", seed, random)
                        .isEqualTo(random.expected());
            }
        }
    }

    private static Page<Object> run(Plan plan, Caller caller, RandomPlans random) {
        return run(plan, caller, random.roots());
    }

    private static Page<Object> run(Plan plan, Caller caller, Object[] roots) {
        Budget budget = new Budget(caller::nanoTime, 1_000_000_000);
        return new PageRun(plan, caller, budget, Whose.onThisThread(null), null, 0, Instant.EPOCH).compose(roots);
    }

    private static String text(Object row) {
        List<Object> components = new ArrayList<>();
        ((List<?>) row).forEach(component -> components.add(component(component)));
        return components.toString();
    }

    private static Object component(Object component) {
        if (component instanceof List<?> list) {
            return list.stream().map(MinimumCallsTests::component).toList().toString();
        }
        if (component instanceof Part.Found<?> found) {
            return "Found " + found.value();
        }
        return component instanceof Part.Absent<?> absent ? "Absent " + absent.key() : component;
    }
}
