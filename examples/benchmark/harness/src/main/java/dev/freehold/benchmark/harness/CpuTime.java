package dev.freehold.benchmark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Processor time of processes and their children, living and dead, in Linux's hundredths of a second.
 *
 * @param ticks user and system time
 */
record CpuTime(long ticks) {

    private static final long MICROS_PER_TICK = 10_000;

    static CpuTime of(long pid) {
        return of(List.of(pid));
    }

    static CpuTime of(Collection<Long> pids) {
        return new CpuTime(pids.stream()
                .flatMapToLong(CpuTime::withDescendants)
                .map(CpuTime::ticksOf)
                .sum());
    }

    /** What was used since an earlier reading. */
    CpuTime since(CpuTime earlier) {
        return new CpuTime(ticks - earlier.ticks);
    }

    double microsPer(int events) {
        return (double) ticks * MICROS_PER_TICK / events;
    }

    private static LongStream withDescendants(long pid) {
        Stream<ProcessHandle> descendants = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants);
        return LongStream.concat(LongStream.of(pid), descendants.mapToLong(ProcessHandle::pid));
    }

    /** Fields 14 to 17 of the file: own user and system time, then those of children that have ended. */
    private static long ticksOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return LongStream.rangeClosed(11, 14)
                    .map(field -> Long.parseLong(afterName[(int) field]))
                    .sum();
        } catch (NoSuchFileException endedMeanwhile) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
