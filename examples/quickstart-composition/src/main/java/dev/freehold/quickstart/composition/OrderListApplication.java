package dev.freehold.quickstart.composition;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.service.registry.ImportHttpServices;

@SpringBootApplication
@ImportHttpServices(group = "customers", types = CustomerApi.class)
@ImportHttpServices(group = "shipping", types = ShippingApi.class)
public class OrderListApplication {

    public static void main(String[] args) {
        SpringApplication.run(OrderListApplication.class, args);
    }
}
