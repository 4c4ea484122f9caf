package dev.freehold.deploy;

import dev.freehold.fixture.KafkaServer;
import dev.freehold.fixture.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.policy.NoneConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.AbstractStatus;
import org.apache.kafka.connect.runtime.Herder;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorInfo;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.apache.kafka.connect.util.FutureCallback;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker of Kafka Connect in this JVM, without its web server; what is posted to it is the connector's file. */
final class KafkaConnect implements AutoCloseable {

    private static final JsonNode FILE = read(Path.of("debezium", "outbox-connector.json"));
    private static final String NAME = FILE.get("name").asString();

    private final Offsets offsets;
    private final Worker worker;
    private final StandaloneHerder herder;

    private KafkaConnect(Offsets offsets, Worker worker, StandaloneHerder herder) {
        this.offsets = offsets;
        this.worker = worker;
        this.herder = herder;
    }

    static KafkaConnect start(Path directory) {
        return start(directory, Shared.BOOTSTRAP_SERVERS);
    }

    static KafkaConnect start(Path directory, String bootstrapServers) {
        Map<String, String> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "offset.storage.file.filename", directory.resolve("offsets").toString(),
                "offset.flush.interval.ms", "500",
                "plugin.discovery", "service_load",
                // Of no use for events: the connector's file has to say it.
                "key.converter", "org.apache.kafka.connect.converters.BooleanConverter",
                "value.converter", "org.apache.kafka.connect.converters.BooleanConverter",
                "header.converter", "org.apache.kafka.connect.converters.BooleanConverter");
        Plugins plugins = new Plugins(settings);
        StandaloneConfig config = new StandaloneConfig(settings);
        Offsets offsets = new Offsets(
                plugins.newInternalConverter(true, JsonConverter.class.getName(), Map.of("schemas.enable", "false")));
        offsets.configure(config);
        NoneConnectorClientConfigOverridePolicy policy = new NoneConnectorClientConfigOverridePolicy();
        Worker worker = new Worker("test", Time.SYSTEM, plugins, config, offsets, policy);
        StandaloneHerder herder = new StandaloneHerder(worker, "test", policy);
        herder.start();
        return new KafkaConnect(offsets, worker, herder);
    }

    /** Posts the file, with the address of the test's database in it. */
    void post(TestDatabase database) {
        post(database.url(), Map.of());
    }

    /** Posts the file, with the address of a database in it and some settings changed. */
    void post(String url, Map<String, String> changes) {
        URI address = URI.create(url.substring("jdbc:".length()));
        Map<String, String> config = new HashMap<>();
        FILE.get("config")
                .properties()
                .forEach(entry -> config.put(entry.getKey(), entry.getValue().asString()));
        config.put("name", NAME);
        config.put("database.hostname", address.getHost());
        config.put("database.port", Integer.toString(address.getPort()));
        config.put("database.dbname", address.getPath().substring(1));
        config.putAll(changes);
        FutureCallback<Herder.Created<ConnectorInfo>> posted = new FutureCallback<>();
        herder.putConnectorConfig(NAME, config, false, posted);
        await(posted);
    }

    /** Stops the connector; its offsets stay. */
    void stop() {
        FutureCallback<Void> stopped = new FutureCallback<>();
        herder.stopConnector(NAME, stopped);
        await(stopped);
    }

    /** Lets a stopped connector go on. */
    void resume() {
        herder.resumeConnector(NAME);
    }

    /** Tells whether the connector has given up. */
    boolean isFailed() {
        return herder.connectorStatus(NAME).tasks().stream()
                .anyMatch(task -> task.state().equals(AbstractStatus.State.FAILED.name()));
    }

    /** Ends without storing offsets once more, as a worker does that is killed. */
    void abandon() {
        offsets.abandon();
        close();
    }

    private static void await(FutureCallback<?> answer) {
        try {
            answer.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        herder.stop();
        worker.stop();
    }

    /** The topic that the connector needs beside those of the events, on the server that all tests share. */
    private static final class Shared {

        static final String BOOTSTRAP_SERVERS = KafkaServer.shared().bootstrapServers();

        static {
            KafkaServer.shared().createTopic("__debezium-heartbeat.orders", 1, Map.of());
        }
    }

    /** Offsets in a file, which it leaves as it is from some moment on. */
    private static final class Offsets extends FileOffsetBackingStore {

        private volatile boolean abandoned;

        Offsets(Converter converter) {
            super(converter);
        }

        void abandon() {
            abandoned = true;
        }

        @Override
        public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
            if (!abandoned) {
                return super.set(values, callback);
            }
            IllegalStateException refusal = new IllegalStateException("offsets are not stored any more");
            callback.onCompletion(refusal, null);
            return CompletableFuture.failedFuture(refusal);
        }
    }
}
