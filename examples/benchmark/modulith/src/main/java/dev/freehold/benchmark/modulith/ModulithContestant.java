package dev.freehold.benchmark.modulith;

import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.Surroundings;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Spring Modulith: its JDBC event publication registry, with externalization to Kafka. */
public final class ModulithContestant implements Contestant {

    /** The starter creates its table when it starts. */
    @Override
    public void prepare(Surroundings surroundings) throws Exception {
        start(Role.WRITER, surroundings).close();
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return new ModulithService(new SpringApplicationBuilder(ModulithApplication.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .profiles(role.relays() ? "relaying" : "writing")
                .initializers(context -> context.getBeanFactory().registerSingleton("surroundings", surroundings))
                .properties(properties(role, surroundings))
                .run());
    }

    private static Map<String, Object> properties(Role role, Surroundings surroundings) {
        return Map.ofEntries(
                Map.entry("spring.datasource.url", surroundings.jdbcUrl()),
                Map.entry("spring.datasource.username", surroundings.user()),
                Map.entry("spring.datasource.password", surroundings.password()),
                Map.entry("spring.datasource.hikari.maximum-pool-size", "28"),
                Map.entry("spring.kafka.bootstrap-servers", surroundings.bootstrapServers()),
                Map.entry("spring.kafka.producer.acks", "all"),
                Map.entry("spring.kafka.producer.properties.linger.ms", "0"),
                Map.entry("spring.task.execution.pool.core-size", "16"),
                Map.entry("spring.modulith.events.jdbc.schema-initialization.enabled", "true"),
                Map.entry("spring.modulith.events.completion-mode", "delete"),
                Map.entry("spring.modulith.events.republish-outstanding-events-on-restart", role == Role.RELAY));
    }
}
