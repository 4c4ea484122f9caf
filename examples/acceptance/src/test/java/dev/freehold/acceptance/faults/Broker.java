package dev.freehold.acceptance.faults;

import dev.freehold.fixture.KafkaProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Kafka in a JVM of its own, that goes away for a while. */
final class Broker implements AutoCloseable {

    static final List<String> TOPICS = List.of("orders", "invoices");

    private static final int PARTITIONS = 4;

    private final KafkaProcess kafka;

    private Broker(KafkaProcess kafka) {
        this.kafka = kafka;
    }

    static Broker start(List<Integer> proxyPorts) {
        KafkaProcess kafka = new KafkaProcess(
                proxyPorts,
                Map.of("group.min.session.timeout.ms", "500"),
                "-Xmx320m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC");
        kafka.start();
        TOPICS.forEach(topic -> kafka.createTopic(topic, PARTITIONS, Map.of()));
        return new Broker(kafka);
    }

    /** Past all proxies. */
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    int portBehind(int proxyPort) {
        return kafka.portBehind(proxyPort);
    }

    synchronized void stopFor(Duration time) {
        kafka.stop();
        Outage.last(time);
        kafka.start();
    }

    synchronized void killFor(Duration time) {
        kafka.kill();
        Outage.last(time);
        kafka.start();
    }

    synchronized void freezeFor(Duration time) {
        kafka.pause();
        try {
            Outage.last(time);
        } finally {
            kafka.resume();
        }
    }

    @Override
    public synchronized void close() {
        kafka.close();
    }
}
