package dev.freehold.composition;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how a page was made. */
final class Analyst {

    private final Plan plan;
    private final @Nullable Reply root;
    private final StepRun[] steps;

    private Analyst(Plan plan, @Nullable Reply root, StepRun[] steps) {
        this.plan = plan;
        this.root = root;
        this.steps = steps;
    }

    static Analysis analyse(
            Plan plan, @Nullable Reply root, int roots, int rows, StepRun[] steps, long begun, long ended) {
        return new Analyst(plan, root, steps).analysis(roots, rows, begun, ended);
    }

    private Analysis analysis(int roots, int rows, long begun, long ended) {
        List<Analysis.Line> lines = new ArrayList<>();
        boolean complete = true;
        for (StepRun step : steps) {
            Analysis.Line line = line(step);
            complete &= line.failures().isEmpty();
            lines.add(line);
        }
        Deque<String> path = new ArrayDeque<>();
        long ofSources = root == null ? 0 : root.ended() - root.began();
        for (StepRun step = last(); step != null; step = step.parent()) {
            path.addFirst(step.step.component());
            ofSources += time(step).toNanos();
        }
        path.addFirst(plan.rootComponent());
        Duration used = Duration.ofNanos(ended - begun);
        Analysis.RootLine rootLine = root == null
                ? null
                : new Analysis.RootLine(plan.root().name(), roots, Duration.ofNanos(root.ended() - root.began()));
        return new Analysis(
                plan.name(),
                rows,
                plan.budget(),
                used,
                positive(used.minusNanos(ofSources)),
                complete,
                rootLine,
                List.copyOf(lines),
                List.copyOf(path));
    }

    private @Nullable StepRun last() {
        StepRun last = null;
        for (StepRun step : steps) {
            if (last == null || step.knownAt() - last.knownAt() > 0) {
                last = step;
            }
        }
        return last;
    }

    private static Analysis.Line line(StepRun step) {
        List<Chunk> chunks = step.chunks();
        Map<Cause, Integer> failures = new EnumMap<>(Cause.class);
        for (Chunk chunk : chunks) {
            Failure failure = chunk.outcome().failure();
            if (failure != null) {
                failures.merge(failure.cause(), 1, Integer::sum);
            }
        }
        return new Analysis.Line(
                step.step.component(),
                step.step.source().name(),
                step.mentions(),
                step.added(),
                chunks.size(),
                time(step),
                failures,
                step.source.unknown());
    }

    private static Duration time(StepRun step) {
        long began = Long.MAX_VALUE;
        long ended = Long.MIN_VALUE;
        for (Chunk chunk : step.chunks()) {
            Outcome outcome = chunk.outcome();
            if (outcome.ended() != 0) {
                began = Math.min(began, outcome.began());
                ended = Math.max(ended, outcome.ended());
            }
        }
        return ended == Long.MIN_VALUE ? Duration.ZERO : positive(Duration.ofNanos(ended - began));
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
