package dev.freehold.composition.contract;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freehold.composition.Source;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What the tests read of the service in customers.yaml. */
@HttpExchange("/shop")
interface CustomerApi {

    @Source(name = "customers", id = "id", maxBatch = 100)
    @PostExchange("/customers/search")
    List<Customer> byIds(@RequestBody Set<UUID> ids);

    @Source(name = "customer")
    @GetExchange("/customers/{id}")
    Optional<Customer> byId(@PathVariable UUID id);

    @Source(name = "ratings")
    @GetExchange("/ratings")
    CompletionStage<Map<UUID, List<Rating>>> ratings(@RequestParam("customer") Set<UUID> customers);

    record Customer(
            UUID id,
            String name,
            long number,
            int age,
            boolean active,
            Kind kind,
            LocalDate born,
            Instant since,
            BigDecimal credit,
            @Nullable String nick,
            Optional<String> remark,
            Address address,
            List<Phone> phones,
            Map<String, Double> scores,
            Set<String> tags,
            double[] weights,
            @JsonProperty("mail") @JsonAlias("e_mail") String mail,
            @Nullable Customer parent,
            @JsonIgnore @Nullable String computed) {}

    record Address(String city, @Nullable Integer zip) {}

    record Phone(String number) {}

    record Rating(int stars, Instant at) {}

    enum Kind {
        PRIVATE,
        BUSINESS,
        NO,
        FORMER
    }
}
