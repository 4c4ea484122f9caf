package dev.freehold.acceptance.faults.services;

import dev.freehold.outbox.Outbox;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service that places orders; public because the harness names it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OrdersApplication {

    public static void main(String[] arguments) {
        Service.run(OrdersApplication.class, arguments);
    }

    @Bean
    Orders orders(JdbcClient jdbc, Outbox outbox) {
        return new Orders(jdbc, outbox);
    }

    @Bean
    Customers customers(Orders orders) {
        return new Customers(orders);
    }

    @Bean
    ApplicationRunner presence(JdbcClient jdbc) {
        return arguments -> Presence.of(ShiftedClock.shift()).note(jdbc);
    }
}
