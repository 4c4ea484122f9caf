package dev.freehold.shop.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrderController {

    private final Orders orders;

    OrderController(Orders orders) {
        this.orders = orders;
    }

    /** Answers at once with a pending order; what became of it is seen at its location a moment later. */
    @PostMapping
    ResponseEntity<OrderView> place(@Valid @RequestBody PlaceOrder request) {
        OrderView order = orders.place(request.customerId(), request.total().setScale(2));
        return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
    }

    @GetMapping
    List<OrderView> latest() {
        return orders.latest();
    }

    @GetMapping("/{id}")
    OrderView one(@PathVariable UUID id) {
        return orders.find(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + id));
    }

    record PlaceOrder(
            @NotNull @Positive Long customerId,

            @NotNull @Positive @Digits(integer = 10, fraction = 2)
            BigDecimal total) {}
}
