package dev.freehold.outbox.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTests {

    private static final DateTimeFormatter FORMATTER = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static String text(Instant time) {
        return new String(Timestamps.bytes(time), US_ASCII);
    }

    @Test
    void writesMicrosecondsAlways() {
        assertThat(text(Instant.parse("2026-11-22T09:02:05Z"))).isEqualTo("2026-11-22T09:02:05.000000Z");
        assertThat(text(Instant.parse("2026-01-02T03:04:05.1Z"))).isEqualTo("2026-01-02T03:04:05.100000Z");
        assertThat(text(Instant.parse("1969-12-31T23:59:59.999999Z"))).isEqualTo("1969-12-31T23:59:59.999999Z");
        assertThat(text(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000Z");
    }

    @Test
    void writesWhatAFormatterWrites() {
        Random random = new Random(7);
        long first = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        for (int n = 0; n < 100_000; n++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(first, last), random.nextInt(1_000_000) * 1_000L);
            assertThat(text(time)).isEqualTo(FORMATTER.format(time));
        }
    }

    @Test
    void writesYearsOfMoreThanFourDigitsAsJavaDoes() {
        Instant far = Instant.parse("+12345-01-01T00:00:00Z");
        assertThat(text(far)).isEqualTo(far.toString());
    }
}
