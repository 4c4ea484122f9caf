package dev.freehold.quickstart.composition;

import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.View;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;

/** Runs the service once between two neighbours, and shows what it does. Leave this class out of a service of your own. */
final class TryIt {

    private static final Logger log = LoggerFactory.getLogger(TryIt.class);

    private final View<OrderRow, Orders.OrderFilter> orders;

    private TryIt(View<OrderRow, Orders.OrderFilter> orders) {
        this.orders = orders;
    }

    public static void main(String[] args) throws IOException {
        Map<Long, String> customers = Map.of(7L, "Ada", 8L, "Grace");
        try (Neighbour customerService = new Neighbour(
                        "/customers/search",
                        id -> customers.containsKey(id)
                                ? "{\"id\": %d, \"name\": \"%s\", \"city\": \"Delft\"}".formatted(id, customers.get(id))
                                : "");
                Neighbour shippingService = new Neighbour(
                        "/shipments/search",
                        order -> "{\"parcel\": \"P%d\", \"orderId\": %d, \"state\": \"UNDER_WAY\"}"
                                .formatted(order, order));
                ConfigurableApplicationContext service = start(customerService, shippingService)) {
            new TryIt(view(service)).run(shippingService);
        }
    }

    private void run(Neighbour shippingService) throws IOException {
        orders.plan().toString().lines().forEach(log::info);
        show("Everything is there", page());
        shippingService.close();
        show("Shipping is away", page());
        shippingService.restart();
        show("Shipping is back", page());
    }

    private Page<OrderRow> page() {
        return orders.page(new Orders.OrderFilter("OPEN"), Keyset.start(), 50);
    }

    private static void show(String when, Page<OrderRow> page) {
        log.info("{}: complete = {}", when, page.isComplete());
        for (OrderRow row : page.rows()) {
            log.info(
                    "  order {} of {}, {}, {}",
                    row.order().id(),
                    customer(row),
                    row.products().stream().map(OrderRow.ProductName::name).toList(),
                    shipments(row));
        }
        page.missing()
                .forEach(missing -> log.info(
                        "  missing: {} of {} rows, since {} says {}",
                        missing.component(),
                        missing.rows(),
                        missing.source(),
                        missing.cause()));
    }

    private static String customer(OrderRow row) {
        if (row.customer() instanceof Part.Found<CustomerApi.Customer> found) {
            return found.value().name();
        }
        return row.customer() instanceof Part.Absent<?> absent ? "nobody with id " + absent.key() : "somebody";
    }

    private static String shipments(OrderRow row) {
        return row.shipments()
                .optional()
                .map(shipments -> "parcels "
                        + shipments.stream().map(ShippingApi.Shipment::parcel).toList())
                .orElse("parcels unknown");
    }

    @SuppressWarnings("unchecked") // the bean is of this type
    private static View<OrderRow, Orders.OrderFilter> view(ConfigurableApplicationContext service) {
        return (View<OrderRow, Orders.OrderFilter>) service.getBeanProvider(
                        ResolvableType.forClassWithGenerics(View.class, OrderRow.class, Orders.OrderFilter.class))
                .getObject();
    }

    private static ConfigurableApplicationContext start(Neighbour customerService, Neighbour shippingService) {
        SpringApplication service = new SpringApplication(OrderListApplication.class);
        service.setBannerMode(Banner.Mode.OFF);
        service.setLogStartupInfo(false);
        return service.run(
                "--server.port=0",
                "--spring.http.serviceclient.customers.base-url=" + customerService.url(),
                "--spring.http.serviceclient.shipping.base-url=" + shippingService.url());
    }
}
