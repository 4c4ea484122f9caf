package dev.freehold.benchmark.namastack;

import dev.freehold.benchmark.Surroundings;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
class NamastackApplication {

    @Bean
    OrderHandler orderHandler(Surroundings surroundings) {
        return new OrderHandler(surroundings);
    }
}
