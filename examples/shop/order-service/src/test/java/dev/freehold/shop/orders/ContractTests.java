package dev.freehold.shop.orders;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freehold.composition.contract.Contract;
import dev.freehold.composition.contract.ContractBrokenException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** What others say about their answers fits what this service reads of them. */
class ContractTests {

    @Test
    void customersAreAsTheirServiceSays() {
        Contract.ofOpenApi(new ClassPathResource("contracts/customers-openapi.yaml"))
                .verify(CustomerApi.class);
    }

    @Test
    void productsAreAsTheyWereRecorded() {
        Contract.ofSample(new ClassPathResource("contracts/products.json")).verify(InventoryApi.class, "products");
    }

    @Test
    void shipmentsAreAsTheyWereRecorded() {
        Contract.ofSample(new ClassPathResource("contracts/shipments.json")).verify(InventoryApi.class, "shipments");
    }

    @Test
    void aChangedKeyIsTold() throws IOException {
        String document = new ClassPathResource("contracts/customers-openapi.yaml")
                .getContentAsString(StandardCharsets.UTF_8)
                .replace("{ type: integer, format: int64 }", "{ type: string, format: uuid }");

        assertThatExceptionOfType(ContractBrokenException.class)
                .isThrownBy(() -> Contract.ofOpenApi(document).verify(CustomerApi.class))
                .withMessageContaining("CustomerApi.byIds [].id is read as long, but is text (uuid)")
                .withMessageContaining("CustomerApi.byIds sends each element of the body as an integer");
    }
}
