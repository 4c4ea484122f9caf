package dev.freehold.servers;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker, its own controller, in this JVM. */
final class KafkaBroker implements AutoCloseable {

    private static final String SETTINGS = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:%2$d
            listeners=PLAINTEXT://localhost:%1$d,CONTROLLER://localhost:%2$d
            advertised.listeners=PLAINTEXT://localhost:%1$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            auto.create.topics.enable=false
            offsets.topic.num.partitions=4
            offsets.topic.replication.factor=1
            transaction.state.log.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0
            log.cleaner.dedupe.buffer.size=16777216
            """;

    private final int port;
    private final KafkaRaftServer server;

    private KafkaBroker(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    /** Starts a broker on free ports of the loopback interface, with its data in the directory. */
    static KafkaBroker start(Path directory) throws IOException {
        int[] ports = freePorts();
        Properties properties = new Properties();
        properties.load(new StringReader(SETTINGS.formatted(ports[0], ports[1])));
        properties.setProperty("log.dirs", directory.resolve("kafka").toString());
        Path file = directory.resolve("kafka.properties");
        try (Writer settings = Files.newBufferedWriter(file)) {
            properties.store(settings, null);
        }
        // Who started the broker stops it; hooks could not be added any more while the JVM is ending already.
        Exit.setShutdownHookAdder((name, hook) -> {});
        format(file, directory.resolve("kafka.log"));
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(ports[0], server);
    }

    private static void format(Path settings, Path log) throws IOException {
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()};
        try (PrintStream out = new PrintStream(log.toFile(), StandardCharsets.UTF_8)) {
            int status = StorageTool.execute(arguments, out);
            if (status != 0) {
                throw new IOException("formatting Kafka's storage failed with " + status + ", see " + log);
            }
        }
    }

    private static int[] freePorts() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, here);
                ServerSocket other = new ServerSocket(0, 1, here)) {
            return new int[] {one.getLocalPort(), other.getLocalPort()};
        }
    }

    String address() {
        return "localhost:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
