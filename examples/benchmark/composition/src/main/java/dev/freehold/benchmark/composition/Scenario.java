package dev.freehold.benchmark.composition;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is measured, who takes part in it, and which figures are compared with those of {@link Entrant#HAND_WRITTEN}. */
enum Scenario {
    JOIN,
    PAGE,
    SILENT,
    OUTAGE,
    LIMIT,
    COLD;

    static Scenario of(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no scenario %s, see COMPOSITION.md".formatted(label)));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Measurement measurement() {
        return switch (this) {
            case JOIN -> new JoinCost();
            case PAGE -> new PageTimes();
            case SILENT -> new Silence();
            case OUTAGE -> new Outage();
            case LIMIT -> new Limit();
            case COLD -> new ColdStart();
        };
    }

    boolean admits(Entrant entrant) {
        return entrants().contains(entrant);
    }

    private List<Entrant> entrants() {
        return switch (this) {
            case JOIN -> List.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.DATALOADER, Entrant.ASSEMBLER);
            case PAGE -> List.of(Entrant.values());
            case SILENT -> List.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.VIRTUAL_THREADS);
            case OUTAGE -> List.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN);
            case LIMIT, COLD ->
                List.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.VIRTUAL_THREADS, Entrant.DATALOADER);
        };
    }

    /** Metrics that are also told as a ratio. */
    List<String> compared() {
        return this == JOIN ? JoinCost.COMPARED : List.of();
    }
}
