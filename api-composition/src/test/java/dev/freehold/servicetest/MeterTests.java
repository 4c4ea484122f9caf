package dev.freehold.servicetest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.View;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** As many meters as there are views, sources and causes, however many keys and messages there are. */
@Timeout(60)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.MOCK,
        properties = "spring.http.serviceclient.customers.base-url=http://localhost:1")
class MeterTests {

    private static final Set<String> TAGS = Set.of("view", "source", "outcome", "cause", "error", "component");

    @Autowired
    private RatingsApplication.Sources sources;

    @Autowired
    private View<RatingsApplication.RatedRow, Void> view;

    @Autowired
    private MeterRegistry registry;

    @AfterEach
    void reset() {
        sources.work = RatingsApplication.Sources.GOOD;
    }

    private boolean isComplete(long id) {
        return view.compose(List.of(new RatingsApplication.Order(id, id))).isComplete();
    }

    /** A page that is whole, one whose source throws an exception, and one whose source throws an error. */
    private void pages(long id) {
        sources.work = RatingsApplication.Sources.GOOD;
        assertThat(isComplete(id)).isTrue();
        sources.work = ids -> {
            throw new IllegalStateException("no rating of " + ids);
        };
        assertThat(isComplete(id + 1)).isFalse();
        sources.work = ids -> {
            throw new NoClassDefFoundError("rating/Of" + ids);
        };
        assertThat(isComplete(id + 2)).isFalse();
    }

    private Set<Meter.Id> meters() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("freehold.composition."))
                .collect(Collectors.toSet());
    }

    private static Set<String> tags(Meter.Id meter) {
        return meter.getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
    }

    @Test
    void areNotMoreWithMorePages() {
        pages(1_000);
        Set<Meter.Id> first = meters();
        for (long i = 1; i <= 100; i++) {
            pages(1_000 + 10 * i);
        }

        assertThat(first)
                .extracting(Meter.Id::getName)
                .contains(
                        "freehold.composition.page",
                        "freehold.composition.keys",
                        "freehold.composition.failures",
                        "freehold.composition.call",
                        "freehold.composition.calls.active");
        assertThat(meters()).isEqualTo(first);
    }

    /** As Prometheus requires it. */
    @Test
    void haveTheSameTagsIfTheyHaveTheSameName() {
        pages(1);
        Map<String, Set<Set<String>>> tags = new TreeMap<>(meters().stream()
                .collect(Collectors.groupingBy(
                        Meter.Id::getName, Collectors.mapping(MeterTests::tags, Collectors.toSet()))));

        assertThat(tags).hasSizeGreaterThan(4).allSatisfy((name, sets) -> {
            assertThat(sets).as(name).hasSize(1);
            assertThat(sets).as(name).allSatisfy(keys -> assertThat(TAGS).containsAll(keys));
        });
        assertThat(tags.get("freehold.composition.call")).containsExactly(Set.of("source", "outcome", "error"));
    }
}
