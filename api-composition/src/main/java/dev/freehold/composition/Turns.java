package dev.freehold.composition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a page has still to make, and which is the next one. The sources take turns; none is asked more often at once than it
 * may be, and none takes the page's last permits as long as another one, which has no call in flight, may still want one. So
 * one that has many calls, or does not answer, leaves the others theirs.
 */
final class Turns {

    private final int limit;
    private final List<Line> lines;
    private final Predicate<SourceRun> isWanted;
    private int inFlight;
    private int turn;

    /**
     * Nothing to ask yet.
     *
     * @param limits how many calls may be in flight
     * @param isWanted whether a source may still be asked something
     */
    Turns(Plan.Limits limits, SourceRun[] sources, Predicate<SourceRun> isWanted) {
        this.limit = limits.ofPage();
        this.isWanted = isWanted;
        this.lines = new ArrayList<>(sources.length);
        for (SourceRun source : sources) {
            if (!source.source().inline()) {
                lines.add(new Line(
                        source, limits.ofSource().applyAsInt(source.source().name())));
            }
        }
    }

    /** Has a call made again, which has ended. */
    void again(Chunk chunk) {
        line(chunk).again.add(chunk);
    }

    /**
     * Takes the next one, which is in flight from now on; null if there is none, or none may be. Only now its keys are put
     * together: those that were found while it waited are among them.
     */
    @Nullable
    Chunk next() {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get((turn + i) % lines.size());
            if (line.hasSome() && hasPermit(line)) {
                turn = (turn + i + 1) % lines.size();
                line.inFlight++;
                inFlight++;
                return line.next();
            }
        }
        return null;
    }

    private boolean hasPermit(Line line) {
        return line.inFlight < line.atOnce && inFlight + (line.inFlight == 0 ? 0 : reserved()) < limit;
    }

    private int reserved() {
        int reserved = 0;
        for (Line line : lines) {
            reserved += line.inFlight == 0 && isWanted.test(line.source) ? 1 : 0;
        }
        return reserved;
    }

    /** It is in flight, beyond what {@link #next} gave. */
    void begun(Chunk chunk) {
        line(chunk).inFlight++;
        inFlight++;
    }

    /** It is in flight no longer. */
    void ended(Chunk chunk) {
        line(chunk).inFlight--;
        inFlight--;
    }

    /** Takes those that have not been asked for. */
    List<Chunk> rest() {
        List<Chunk> rest = new ArrayList<>();
        for (Line line : lines) {
            while (line.hasSome()) {
                rest.add(line.next());
            }
        }
        return rest;
    }

    private Line line(Chunk chunk) {
        for (Line line : lines) {
            if (line.source == chunk.run()) {
                return line;
            }
        }
        throw new IllegalArgumentException(chunk.source().name());
    }

    private static final class Line {

        private final SourceRun source;
        private final int atOnce;
        private final Deque<Chunk> again = new ArrayDeque<>(1);
        private int inFlight;

        private Line(SourceRun source, int atOnce) {
            this.source = source;
            this.atOnce = atOnce;
        }

        private boolean hasSome() {
            return !again.isEmpty() || source.hasUnasked();
        }

        private Chunk next() {
            return again.isEmpty() ? source.next() : again.remove();
        }
    }
}
