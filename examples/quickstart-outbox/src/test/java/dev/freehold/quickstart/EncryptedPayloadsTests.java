package dev.freehold.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.quickstart.EncryptedPayloads.Keys;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncryptedPayloadsTests {

    private static final byte[] JSON = "{\"total\": 42}".getBytes(UTF_8);
    private static final String MARCH = key(1);
    private static final String APRIL = key(2);

    private final EncryptedPayloads march = new EncryptedPayloads(new Keys("march", Map.of("march", MARCH)));
    private final EncryptedPayloads april =
            new EncryptedPayloads(new Keys("april", Map.of("march", MARCH, "april", APRIL)));

    private static String key(int content) {
        byte[] key = new byte[32];
        key[0] = (byte) content;
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void readsWhatItWroteAndTellsNobodyElse() {
        byte[] encrypted = march.encode("orders.order-placed", "7", JSON);
        assertThat(new String(encrypted, UTF_8)).doesNotContain("total").doesNotStartWith("{");
        assertThat(march.encode("orders.order-placed", "7", JSON)).isNotEqualTo(encrypted);
        assertThat(march.decode("orders.order-placed", "7", encrypted)).isEqualTo(JSON);
    }

    @Test
    void readsWhatWasWrittenWithTheKeyBefore() {
        assertThat(april.decode("type", "7", march.encode("type", "7", JSON))).isEqualTo(JSON);
        assertThatThrownBy(() -> march.decode("type", "7", april.encode("type", "7", JSON)))
                .hasMessageContaining("set payloads.keys.april");
    }

    @Test
    void readsWhatWasPublishedBeforeThereWereKeys() {
        assertThat(april.decode("type", "7", JSON)).isEqualTo(JSON);
    }

    @Test
    void refusesWhatWasChangedOrBelongsToAnotherKey() {
        byte[] encrypted = april.encode("type", "7", JSON);
        assertThatThrownBy(() -> april.decode("type", "8", encrypted)).isInstanceOf(IllegalStateException.class);
        encrypted[encrypted.length - 1]++;
        assertThatThrownBy(() -> april.decode("type", "7", encrypted)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToStartWithoutThePresentKey() {
        assertThatThrownBy(() -> new EncryptedPayloads(new Keys("may", Map.of("april", APRIL))))
                .hasMessageContaining("there is no key 'may'");
    }
}
