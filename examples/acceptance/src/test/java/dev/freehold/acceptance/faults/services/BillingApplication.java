package dev.freehold.acceptance.faults.services;

import dev.freehold.outbox.Outbox;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service that bills orders; public because the harness names it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BillingApplication {

    public static void main(String[] arguments) {
        Service.run(BillingApplication.class, arguments);
    }

    @Bean
    Billing billing(JdbcClient jdbc, Outbox outbox) {
        return new Billing(jdbc, outbox);
    }

    @Bean
    ApplicationRunner presence(JdbcClient jdbc) {
        return arguments -> Presence.of(ShiftedClock.shift()).note(jdbc);
    }
}
