package dev.freehold.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyTokenTests {

    private static final UUID ID = UUID.fromString("0190b5a0-0000-7000-8000-000000000001");
    private static final String TEXT = "e1.AZC1oAAAcACAAAAAAAAAAYOhSNQ";

    private static StoredEvent event(UUID id, String topic, String type) {
        return new StoredEvent(id, topic, "key", type, 1, null, null, Instant.EPOCH);
    }

    private static ConsistencyToken token(UUID... ids) {
        return ConsistencyToken.of(List.of(ids).stream()
                .map(id -> event(id, "orders", "orders.placed"))
                .toList());
    }

    private static UUID[] ids(int number) {
        return IntStream.range(0, number).mapToObj(n -> UUID.randomUUID()).toArray(UUID[]::new);
    }

    /** Tokens that are on their way are read by services of another version. The text was made by another program. */
    @Test
    void hasATextThatStaysTheSameForEver() {
        assertThat(token(ID)).hasToString(TEXT);
        assertThat(ConsistencyToken.parse(TEXT)).isEqualTo(token(ID));
    }

    @Test
    void isReadAsItWasWritten() {
        for (int number : new int[] {0, 1, 2, 3, 17, 63, 64, 65, 1_000}) {
            ConsistencyToken token = token(ids(number));
            assertThat(ConsistencyToken.parse(token.toString()))
                    .isEqualTo(token)
                    .hasSameHashCodeAs(token);
            assertThat(token.toString()).matches("e1\\.[A-Za-z0-9_*-]*").hasSizeLessThanOrEqualTo(1_710);
            assertThat(token.isEmpty()).isEqualTo(number == 0);
            assertThat(token.isOverflowing()).isEqualTo(number > 64);
        }
    }

    @Test
    void tellsItsEventsOfATopicAndType() {
        UUID paid = UUID.randomUUID();
        ConsistencyToken token = token(ID)
                .and(ConsistencyToken.of(List.of(
                        event(paid, "payments", "payments.made"),
                        event(UUID.randomUUID(), "orders", "payments.made"))));

        assertThat(token.events("orders", "orders.placed")).containsExactly(ID);
        assertThat(token.events("payments", "payments.made")).containsExactly(paid);
        assertThat(token.events("payments", "orders.placed")).isEmpty();
        assertThat(token.events("orders.", "placed")).isEmpty();
    }

    @Test
    void isTheSameWhateverTheOrderOfItsEvents() {
        UUID[] ids = ids(3);
        assertThat(token(ids[0], ids[1], ids[2]))
                .isEqualTo(token(ids[2], ids[0], ids[1], ids[0]))
                .isNotEqualTo(token(ids[0], ids[1]));
    }

    @Test
    void hasTheEventsOfBothAndOverflowsIfTheseAreTooMany() {
        UUID[] ids = ids(65);
        ConsistencyToken most = token(List.of(ids).subList(0, 64).toArray(UUID[]::new));
        assertThat(most.isOverflowing()).isFalse();
        assertThat(most.and(token(ids[0]))).isEqualTo(most);
        assertThat(most.and(token(ids[64])).isOverflowing()).isTrue();
        assertThat(most.and(token(ids[64])).and(token(ID)).isOverflowing()).isTrue();
        assertThat(token(ID).and(most.and(token(ids[64])))).hasToString("e1.*");
    }

    @Test
    void readsAHeaderThatHoldsSeveral() {
        UUID other = UUID.randomUUID();
        assertThat(ConsistencyToken.parse(" %s , p1.0/16B3748, %s,".formatted(token(other), TEXT)))
                .isEqualTo(token(ID, other));
        assertThat(ConsistencyToken.parse("p1.whatever+it=is").isEmpty()).isTrue();
        assertThat(ConsistencyToken.parse("").isEmpty()).isTrue();
        assertThat(ConsistencyToken.parse("e1.").isEmpty()).isTrue();
    }

    /** It may hold events that this version cannot read, so nobody can tell that they were seen. */
    @Test
    void overflowsIfItIsOfALaterVersion() {
        assertThat(ConsistencyToken.parse("e2.abc," + TEXT).isOverflowing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e1.A",
                "e1.AZC1oAAAcACAAAAAAAAAAYOhS",
                "e1.AZC1oAAAcACAAAAAAAAAAYOhSNQAA",
                "e1.AZC1oAAAcACAAAAAAAAAAYOhS+Q",
                "e1.AZC1oAAAcACAAAAAAAAAAYOhS Q",
                "e1.**",
                "E1.AZC1oAAAcACAAAAAAAAAAYOhSNQ",
                "AZC1oAAAcACAAAAAAAAAAYOhSNQ",
                "e1",
                "true",
                "ü"
            })
    void refusesGarbage(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConsistencyToken.parse("p1.x," + text))
                .withMessageContaining("consistency token");
    }

    @Test
    void refusesMoreEventsThanATokenHolds() {
        String text = "e1." + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[65 * 20]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConsistencyToken.parse(text))
                .withMessage("a consistency token has 20 bytes for each of at most 64 events, was 1300 bytes");
    }
}
