package dev.freehold.benchmark.composition;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is measured, who takes part in it, and which figures are compared with those of {@link Entrant#HAND_WRITTEN}. */
enum Scenario {
    JOIN(
            new JoinCost(),
            EnumSet.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.DATALOADER, Entrant.ASSEMBLER),
            JoinCost.COMPARED),
    PAGE(new PageTimes(), EnumSet.allOf(Entrant.class), List.of()),
    SILENT(new Silence(), EnumSet.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.VIRTUAL_THREADS), List.of()),
    OUTAGE(new Outage(), EnumSet.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN), List.of()),
    LIMIT(
            new Limit(),
            EnumSet.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.VIRTUAL_THREADS, Entrant.DATALOADER),
            List.of()),
    COLD(
            new ColdStart(),
            EnumSet.of(Entrant.FREEHOLD, Entrant.HAND_WRITTEN, Entrant.VIRTUAL_THREADS, Entrant.DATALOADER),
            List.of());

    private final Measurement measurement;
    private final Set<Entrant> entrants;
    private final List<String> compared;

    Scenario(Measurement measurement, Set<Entrant> entrants, List<String> compared) {
        this.measurement = measurement;
        this.entrants = entrants;
        this.compared = compared;
    }

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
        return measurement;
    }

    boolean admits(Entrant entrant) {
        return entrants.contains(entrant);
    }

    /** Metrics that are also told as a ratio. */
    List<String> compared() {
        return compared;
    }
}
