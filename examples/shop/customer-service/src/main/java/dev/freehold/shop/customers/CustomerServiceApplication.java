package dev.freehold.shop.customers;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;

/** Starts the customer service. */
@SpringBootApplication(proxyBeanMethods = false)
public class CustomerServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(CustomerServiceApplication.class, args);
    }

    /** The topic that this service publishes to. */
    @Bean
    NewTopic customersTopic() {
        return TopicBuilder.name("customers").partitions(4).build();
    }
}
