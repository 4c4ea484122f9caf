package dev.freehold.shop.orders;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.web.service.registry.ImportHttpServices;

/** Starts the order service. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableCaching
@ImportHttpServices(group = "customers", types = CustomerApi.class)
@ImportHttpServices(group = "inventory", types = InventoryApi.class)
public class OrderServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(OrderServiceApplication.class, args);
    }

    /** What happened to orders. */
    @Bean
    NewTopic ordersTopic() {
        return TopicBuilder.name("orders").partitions(4).build();
    }

    /** What orders are now: Kafka keeps the last state of each. */
    @Bean
    NewTopic orderStatesTopic() {
        return TopicBuilder.name("order-states").partitions(4).compact().build();
    }
}
