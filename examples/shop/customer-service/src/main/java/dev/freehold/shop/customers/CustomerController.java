package dev.freehold.shop.customers;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Customers over HTTP. */
@RestController
@RequestMapping("/customers")
class CustomerController {

    private final Customers customers;
    private final CustomerOrders orders;

    CustomerController(Customers customers, CustomerOrders orders) {
        this.customers = customers;
        this.orders = orders;
    }

    @PostMapping
    ResponseEntity<CustomerView> add(@Valid @RequestBody NewCustomer request) {
        Customer customer = customers.add(request.name(), request.creditLimit());
        return ResponseEntity.created(URI.create("/customers/" + customer.id())).body(view(customer));
    }

    @GetMapping("/{id}")
    CustomerView one(@PathVariable long id) {
        return view(find(id));
    }

    /** By many ids at once: what another service needs to show customers beside its own data. */
    @PostMapping("/search")
    List<CustomerName> search(@RequestBody Set<Long> ids) {
        return customers.names(ids);
    }

    /** Whose name begins like that: what another service needs to filter its own data by it. */
    @GetMapping("/ids")
    List<Long> ids(@RequestParam String name, @RequestParam @Min(1) @Max(10_000) int limit) {
        return customers.idsByName(name, limit);
    }

    @PutMapping("/{id}/credit-limit")
    CustomerView setCreditLimit(@PathVariable long id, @Valid @RequestBody CreditLimit request) {
        Customer customer = find(id);
        return view(customers
                .setCreditLimit(id, request.creditLimit())
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.CONFLICT, "%s has more reserved than that".formatted(customer.name()))));
    }

    private Customer find(long id) {
        return customers
                .find(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no customer " + id));
    }

    private CustomerView view(Customer customer) {
        return new CustomerView(customer, orders.of(customer.id()));
    }

    record NewCustomer(
            @NotBlank @Size(max = 100) String name,

            @Nullable @PositiveOrZero @Digits(integer = 10, fraction = 2)
            BigDecimal creditLimit) {}

    record CreditLimit(
            @NotNull @PositiveOrZero @Digits(integer = 10, fraction = 2)
            BigDecimal creditLimit) {}
}
