package dev.freehold.benchmark.modulith;

import dev.freehold.benchmark.Order;
import dev.freehold.benchmark.Surroundings;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.RoutingTarget;

@SpringBootApplication(proxyBeanMethods = false)
class ModulithApplication {

    @Bean
    EventExternalizationConfiguration ordersToKafka(Surroundings surroundings) {
        return EventExternalizationConfiguration.externalizing()
                .select(Order.class::isInstance)
                .route(
                        Order.class,
                        order -> RoutingTarget.forTarget(surroundings.topic()).andKey(order.key()))
                .build();
    }

    /**
     * A relay that is off. The library relays in the writing process, on this executor, so what it drops stays in the
     * registry as it would after a crash.
     */
    @Bean
    @Profile("writing")
    AsyncTaskExecutor applicationTaskExecutor() {
        return task -> {};
    }
}
