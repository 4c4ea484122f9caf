package dev.freehold.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.test.EventContracts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What others rely on stays as it is. */
class ContractTests {

    private final EventContracts contracts = EventContracts.in("dev.freehold.quickstart");

    @Test
    void keepsItsContracts() {
        contracts.check(Path.of("src/test/contracts"));
    }

    @Test
    void describesItselfForOthers() {
        Path document = Path.of("target", "asyncapi.json");
        contracts.writeAsyncApi(document, "Quickstart", "1.0.0");
        assertThat(document).content().contains("orders.order-placed");
    }
}
