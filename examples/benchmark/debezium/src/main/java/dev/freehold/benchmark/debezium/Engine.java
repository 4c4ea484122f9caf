package dev.freehold.benchmark.debezium;

import dev.freehold.benchmark.Producers;
import dev.freehold.benchmark.Surroundings;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.connect.source.SourceRecord;

/** Debezium's engine in a thread of its own, from the slot to Kafka. */
final class Engine implements AutoCloseable {

    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final KafkaProducer<String, byte[]> producer;
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    private Engine(
            DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine, KafkaProducer<String, byte[]> producer) {
        this.engine = engine;
        this.producer = producer;
    }

    /** Returns when the engine polls. */
    static Engine start(Surroundings surroundings) throws InterruptedException {
        KafkaProducer<String, byte[]> producer = Producers.pipelined(surroundings);
        CountDownLatch polling = new CountDownLatch(1);
        var engine = DebeziumEngine.create(Connect.class)
                .using(properties(surroundings))
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void pollingStarted() {
                        polling.countDown();
                    }
                })
                .notifying(new PipelinedSender(producer))
                .build();
        Engine started = new Engine(engine, producer);
        started.executor.execute(engine);
        if (!polling.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Debezium's engine has not started within 60 s");
        }
        return started;
    }

    /** Forgets how far the engine got in an earlier database of the same name, on a server that is gone. */
    static void forgetOffsets(Surroundings surroundings) throws IOException {
        Files.deleteIfExists(offsets(PostgresAddress.of(surroundings.jdbcUrl())));
    }

    private static Path offsets(PostgresAddress address) {
        return Path.of("target", "contestants", address.database() + ".offsets");
    }

    private static Properties properties(Surroundings surroundings) {
        PostgresAddress address = PostgresAddress.of(surroundings.jdbcUrl());
        Properties properties = new Properties();
        properties.setProperty("name", "benchmark");
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("database.hostname", address.host());
        properties.setProperty("database.port", address.port());
        properties.setProperty("database.dbname", address.database());
        properties.setProperty("database.user", surroundings.user());
        properties.setProperty("database.password", surroundings.password());
        properties.setProperty("topic.prefix", "benchmark");
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", address.database());
        properties.setProperty("publication.name", "outbox");
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("table.include.list", "public.outbox");
        // Only the log, from the slot's position at first.
        properties.setProperty("snapshot.mode", "configuration_based");
        properties.setProperty("snapshot.mode.configuration.based.start.stream", "true");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        properties.setProperty("offset.storage.file.filename", offsets(address).toString());
        properties.setProperty("offset.flush.interval.ms", "1000");
        properties.setProperty("poll.interval.ms", "5");
        properties.setProperty("tombstones.on.delete", "false");
        properties.setProperty("transforms", "outbox");
        properties.setProperty("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        properties.setProperty("transforms.outbox.route.topic.replacement", "${routedByValue}");
        return properties;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        engine.close();
        executor.shutdown();
        executor.awaitTermination(30, TimeUnit.SECONDS);
        producer.close();
    }
}
