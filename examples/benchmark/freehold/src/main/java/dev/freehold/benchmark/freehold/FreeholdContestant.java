package dev.freehold.benchmark.freehold;

import com.zaxxer.hikari.HikariDataSource;
import dev.freehold.benchmark.Contestant;
import dev.freehold.benchmark.HoldableTransactions;
import dev.freehold.benchmark.Pools;
import dev.freehold.benchmark.Role;
import dev.freehold.benchmark.Service;
import dev.freehold.benchmark.SpringTransactions;
import dev.freehold.benchmark.Surroundings;
import dev.freehold.outbox.Outbox;
import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.RelaySettings;
import dev.freehold.outbox.kafka.Delivery;
import dev.freehold.outbox.kafka.KafkaOutboxTransport;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Freehold with its defaults, by its builders. */
public final class FreeholdContestant implements Contestant {

    private final Delivery delivery;

    public FreeholdContestant() {
        this(Delivery.AT_LEAST_ONCE);
    }

    FreeholdContestant(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public void prepare(Surroundings surroundings) {
        try (HikariDataSource pool = Pools.open(surroundings, 1)) {
            new ResourceDatabasePopulator(new ClassPathResource("dev/freehold/outbox/schema-postgresql.sql"))
                    .execute(pool);
        }
    }

    @Override
    public Service start(Role role, Surroundings surroundings) {
        return role == Role.CONSUMER ? FreeholdConsumer.start(surroundings) : startOutbox(role, surroundings);
    }

    private Service startOutbox(Role role, Surroundings surroundings) {
        HikariDataSource pool = Pools.open(surroundings, 9); // eight threads, and the relay or what calls it
        HoldableTransactions manager = new HoldableTransactions(pool);
        OutboxRelay relay = role.relays() ? relay(pool, surroundings) : null;
        Outbox.Builder outbox =
                Outbox.builder().dataSource(pool).transactionManager(manager).events(OrderPlaced.class);
        if (relay != null) {
            outbox.afterCommit(relay::wakeUp);
            relay.start();
        }
        return new Running(pool, new SpringTransactions(manager, pool), outbox.build(), relay);
    }

    private OutboxRelay relay(HikariDataSource pool, Surroundings surroundings) {
        Map<String, String> properties = new HashMap<>(surroundings.producer());
        properties.put("bootstrap.servers", surroundings.bootstrapServers());
        KafkaOutboxTransport kafka = new KafkaOutboxTransport(properties, "/" + surroundings.topic(), delivery);
        return OutboxRelay.builder()
                .dataSource(pool)
                .transport(new TopicOfTheRun(kafka, surroundings.topic()))
                .settings(RelaySettings.defaults().withShards(Integer.getInteger("shards", 1)))
                .build();
    }

    private record Running(
            HikariDataSource pool,
            SpringTransactions transactions,
            Outbox outbox,
            @Nullable OutboxRelay relay) implements Service {

        @Override
        public void inTransaction(Work work) {
            transactions.run(work, (connection, order) -> outbox.publish(OrderPlaced.of(order)));
        }

        @Override
        public boolean isActive() {
            return relay != null && relay.isActive();
        }

        @Override
        public void close() {
            if (relay != null) {
                relay.close();
            }
            pool.close();
        }
    }
}
