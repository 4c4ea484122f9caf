package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTests {

    private static final String HISTORY = "7561234567890123456/00000001";

    @ParameterizedTest
    @ValueSource(
            strings = {"3:3:", "10:20:", "10:20:10", "10:20:10,12,19", "4294967290:4294967310:4294967290,4294967300"})
    void survivesTheWayThroughAMark(String snapshot) {
        for (Snapshot reading : new Snapshot[] {null, new Snapshot("11:21:")}) {
            LogProgress progress = new LogProgress(7, new Snapshot(snapshot), reading, 42);

            assertThat(progress.at(progress.mark(HISTORY), HISTORY)).contains(progress);
        }
    }

    @Test
    void isNothingInAnotherHistory() {
        LogProgress progress = new LogProgress(7, new Snapshot("3:3:"), null, 0);

        assertThat(progress.at(progress.mark(HISTORY), "7561234567890123456/00000002"))
                .isEmpty();
        assertThat(progress.at(new OutboxTransport.Mark(7, "garbage"), HISTORY)).isEmpty();
    }

    /** What a broker keeps with an offset is limited. */
    @Test
    void isShortWithAThousandOpenTransactions() {
        String open = LongStream.range(0, 1_000)
                .mapToObj(n -> String.valueOf(5_000_000_000L + n * 7))
                .collect(Collectors.joining(","));
        Snapshot snapshot = new Snapshot("5000000000:5000008000:" + open);

        assertThat(new LogProgress(1L << 40, snapshot, new Snapshot("5000000000:5000008000:" + open), 1L << 40)
                        .mark(HISTORY)
                        .progress())
                .hasSizeLessThan(4_096)
                .matches("[ -~]+");
    }

    @Test
    void ofTheTransportWinsOverAnOlderNoteOnly() {
        LogProgress noted = new LogProgress(5, new Snapshot("3:3:"), null, 0);
        LogProgress later = new LogProgress(6, new Snapshot("10:20:"), null, 9);
        Lease lease = new Lease("owner", Shard.WHOLE, 3, HISTORY, noted, Stage.OPEN, 0);

        long first = 3L << 32;
        assertThat(lease.start(java.util.Optional.empty())).isEqualTo(noted.numbered(first));
        assertThat(lease.start(java.util.Optional.of(later.mark(HISTORY)))).isEqualTo(later.numbered(first));
        assertThat(lease.start(java.util.Optional.of(later.numbered(5).mark(HISTORY))))
                .isEqualTo(noted.numbered(first));
        assertThat(lease.start(java.util.Optional.of(later.mark("another/1")))).isEqualTo(noted.numbered(first));
        assertThat(lease.start(java.util.Optional.of(later.mark(HISTORY))).number())
                .as("higher than any number of an epoch before")
                .isEqualTo(3L << 32);
    }
}
