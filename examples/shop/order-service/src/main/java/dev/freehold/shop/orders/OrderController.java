package dev.freehold.shop.orders;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.View;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrderController {

    private static final int ROWS = 50;

    private final Orders orders;
    private final View<OrderRow, OrderFilter> list;

    OrderController(Orders orders, View<OrderRow, OrderFilter> list) {
        this.orders = orders;
        this.list = list;
    }

    /** Answers at once with a pending order; what became of it is seen at its location a moment later. */
    @PostMapping
    ResponseEntity<OrderView> place(@Valid @RequestBody PlaceOrder request) {
        OrderView order = orders.place(
                request.customerId(),
                request.total().setScale(2),
                Objects.requireNonNullElse(request.lines(), List.of()));
        return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
    }

    /** The newest first, with what other services know of them, or why that is missing. */
    @GetMapping
    Page<OrderRow> list(
            @RequestParam(required = false) @Nullable Long customerId,
            @RequestParam(required = false) @Nullable OrderStatus status,
            @RequestParam(required = false) @Nullable String customerName,
            Keyset at) {
        return list.page(new OrderFilter(customerId, status, customerName), at, ROWS);
    }

    @GetMapping("/{id}")
    OrderView one(@PathVariable UUID id) {
        return orders.find(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + id));
    }

    record PlaceOrder(
            @NotNull @Positive Long customerId,

            @NotNull @Positive @Digits(integer = 10, fraction = 2)
            BigDecimal total,

            @Nullable @Size(max = 100) List<@Valid OrderLine> lines) {}
}
