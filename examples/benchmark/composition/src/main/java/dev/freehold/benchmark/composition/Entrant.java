package dev.freehold.benchmark.composition;

import dev.freehold.benchmark.report.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;

/** Who takes part. */
enum Entrant implements Labelled {
    FREEHOLD,
    HAND_WRITTEN,
    VIRTUAL_THREADS,
    DATALOADER,
    ASSEMBLER,
    N_PLUS_ONE;

    /** Enough for each page to make all of its calls at once, so that nobody is judged by the size of a pool. */
    private static final int CALLS_OF_A_PAGE = 4;

    /** All of them for {@code all}, otherwise those named in the list with commas. */
    static List<Entrant> named(String list) {
        if (list.equals("all")) {
            return List.of(values());
        }
        return Arrays.stream(list.split(",")).map(Entrant::of).toList();
    }

    static Entrant of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean canRunHere() {
        return this != VIRTUAL_THREADS || Threads.canBeVirtual();
    }

    Contestant create(Services services, Rules rules) {
        return switch (this) {
            case FREEHOLD -> new FreeholdContestant(services, rules);
            case HAND_WRITTEN -> new HandWrittenContestant(services, rules, pool(rules));
            case VIRTUAL_THREADS -> new HandWrittenContestant(services, rules, Threads.virtual());
            case DATALOADER -> new DataLoaderContestant(services, pool(rules));
            case ASSEMBLER -> new AssemblerContestant(services, pool(rules));
            case N_PLUS_ONE -> new OneByOneContestant(services);
        };
    }

    private static ExecutorService pool(Rules rules) {
        return Threads.pool(rules.pages() * CALLS_OF_A_PAGE);
    }
}
