package dev.freehold.quickstart.composition;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.View;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderPage {

    private final View<OrderRow, Orders.OrderFilter> orders;

    OrderPage(View<OrderRow, Orders.OrderFilter> orders) {
        this.orders = orders;
    }

    @GetMapping("/orders")
    Page<OrderRow> page(@RequestParam(required = false) @Nullable String status, Keyset at) {
        return orders.page(new Orders.OrderFilter(status), at, 50);
    }
}
