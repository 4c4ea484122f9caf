package dev.freehold.benchmark.namastack;

import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.Surroundings;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Namastack Outbox with its JDBC starter and a handler that sends to Kafka. */
public final class NamastackContestant implements Contestant {

    /** The starter creates its tables when it starts. */
    @Override
    public void prepare(Surroundings surroundings) throws Exception {
        start(Role.WRITER, surroundings).close();
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return new NamastackService(new SpringApplicationBuilder(NamastackApplication.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
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
                Map.entry("namastack.outbox.polling.trigger", "fixed"),
                Map.entry("namastack.outbox.polling.fixed.interval", role.relays() ? "10ms" : "1d"),
                Map.entry("namastack.outbox.polling.batch-size", "1000"),
                Map.entry("namastack.outbox.processing.executor-core-pool-size", "16"),
                Map.entry("namastack.outbox.processing.executor-max-pool-size", "16"),
                Map.entry("namastack.outbox.processing.delete-completed-records", "true"));
    }
}
