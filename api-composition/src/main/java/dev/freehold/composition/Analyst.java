package dev.freehold.composition;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how a page was made. */
final class Analyst {

    private final Plan plan;
    private final List<Round> rounds;

    private Analyst(Plan plan, List<Round> rounds) {
        this.plan = plan;
        this.rounds = rounds;
    }

    static Analysis analyse(Plan plan, List<Round> rounds, int rows, boolean complete, Duration searched, long nanos) {
        Analyst analyst = new Analyst(plan, rounds);
        return new Analysis(
                plan.name(),
                rows,
                plan.budget(),
                Duration.ofNanos(nanos),
                Duration.ofNanos(Math.max(0, nanos - searched.toNanos() - analyst.ofSources())),
                complete,
                analyst.root(),
                analyst.lines(),
                analyst.criticalPath());
    }

    private Analysis.@Nullable RootLine root() {
        int rows = 0;
        int calls = 0;
        long nanos = 0;
        for (Round round : rounds) {
            rows += round.roots();
            calls += round.root() == null ? 0 : 1;
            nanos += nanos(round.root());
        }
        return calls == 0 ? null : new Analysis.RootLine(plan.root().name(), rows, calls, Duration.ofNanos(nanos));
    }

    private List<Analysis.Line> lines() {
        Analysis.Line[] lines = new Analysis.Line[plan.steps().size()];
        for (Step step : plan.steps()) {
            lines[step.index()] = line(step);
        }
        return List.of(lines);
    }

    private Analysis.Line line(Step step) {
        int keys = 0;
        int asked = 0;
        int cached = 0;
        int calls = 0;
        int unknown = 0;
        long nanos = 0;
        Map<Cause, Integer> failures = Map.of();
        for (Round round : rounds) {
            StepRun run = round.steps()[step.index()];
            keys += run.mentions();
            cached += run.recalled();
            asked += run.added() - run.recalled();
            unknown = run.source.unknown(); // of all rounds until then
            List<Chunk> chunks = run.chunks();
            nanos += nanos(chunks);
            for (Chunk chunk : chunks) {
                calls++;
                Failure failure = chunk.outcome().failure();
                if (failure != null) {
                    failures = failures.isEmpty() ? new EnumMap<>(Cause.class) : failures;
                    failures.merge(failure.cause(), 1, Integer::sum);
                }
            }
        }
        return new Analysis.Line(
                step.component(),
                step.source().name(),
                keys,
                cached,
                asked,
                calls,
                Duration.ofNanos(nanos),
                failures,
                unknown);
    }

    // ---- the critical path

    private long ofSources() {
        long sum = 0;
        for (Round round : rounds) {
            sum += nanos(round.root());
            for (StepRun step = last(round); step != null; step = step.parent()) {
                sum += nanos(step.chunks());
            }
        }
        return sum;
    }

    /** That of the last round. */
    private List<String> criticalPath() {
        Deque<String> path = new ArrayDeque<>();
        for (StepRun step = last(rounds.get(rounds.size() - 1)); step != null; step = step.parent()) {
            path.addFirst(step.step.component());
        }
        path.addFirst(plan.rootComponent());
        return List.copyOf(path);
    }

    private static @Nullable StepRun last(Round round) {
        StepRun last = null;
        for (StepRun step : round.steps()) {
            if (last == null || step.knownAt() - last.knownAt() > 0) {
                last = step;
            }
        }
        return last;
    }

    private static long nanos(@Nullable Reply root) {
        return root == null ? 0 : root.ended() - root.began();
    }

    private static long nanos(List<Chunk> chunks) {
        long began = Long.MAX_VALUE;
        long ended = Long.MIN_VALUE;
        for (Chunk chunk : chunks) {
            Outcome outcome = chunk.outcome();
            if (outcome.ended() != 0) {
                began = Math.min(began, outcome.began());
                ended = Math.max(ended, outcome.ended());
            }
        }
        return ended == Long.MIN_VALUE ? 0 : Math.max(0, ended - began);
    }
}
