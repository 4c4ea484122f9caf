package dev.freehold.quickstart;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;

/** The service. Nothing of Freehold is set up here: the dependency does it. */
@SpringBootApplication(proxyBeanMethods = false)
public class QuickstartApplication {

    public static void main(String[] args) {
        SpringApplication.run(QuickstartApplication.class, args);
    }

    /** The outbox creates no topics, so that none comes to be by a spelling mistake. */
    @Bean
    NewTopic ordersTopic() {
        return TopicBuilder.name("orders").partitions(4).build();
    }
}
