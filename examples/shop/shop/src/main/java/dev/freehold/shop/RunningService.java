package dev.freehold.shop;

import dev.freehold.servers.Database;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * A service that runs in this JVM as it would in one of its own: its own application context, its own {@code
 * application.yml}, its own database.
 */
final class RunningService implements AutoCloseable {

    static { // or each service that starts would set up anew what Kafka's threads here write to meanwhile
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private final ConfigurableApplicationContext context;
    private final Database database;

    private RunningService(ConfigurableApplicationContext context, Database database) {
        this.context = context;
        this.database = database;
    }

    /**
     * Starts a service.
     *
     * @param application its Boot application
     * @param port where it listens
     * @param database its own database
     * @param settings what else it is told, {@code --key=value}
     */
    static RunningService start(Class<?> application, Port port, Database database, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--spring.config.location=" + configurationOf(application));
        arguments.add("--spring.datasource.url=" + database.url());
        arguments.add("--spring.datasource.username=" + database.user());
        arguments.add("--spring.datasource.password=" + database.password());
        arguments.add("--server.address=localhost");
        arguments.add("--server.port=" + port.number());
        RunningService service = new RunningService(run(application, port, arguments), database);
        if (port.isAnother()) {
            Console.say("Port %d is busy, so %s listens on %d."
                    .formatted(port.preferred(), service.name(), service.port()));
        }
        return service;
    }

    private static ConfigurableApplicationContext run(Class<?> application, Port port, List<String> arguments) {
        SpringApplication service = new SpringApplication(application);
        service.setBannerMode(Banner.Mode.OFF);
        service.setLogStartupInfo(false);
        service.setRegisterShutdownHook(false);
        service.addInitializers(context -> context.getBeanFactory().registerSingleton("port", port));
        return service.run(arguments.toArray(String[]::new));
    }

    /** Each service has an {@code application.yml}; the class path alone would give all of them the first one. */
    private static String configurationOf(Class<?> application) {
        URL place = application.getProtectionDomain().getCodeSource().getLocation();
        return place.getPath().endsWith("/") ? place + "application.yml" : "jar:" + place + "!/application.yml";
    }

    String name() {
        return environment().getRequiredProperty("spring.application.name");
    }

    int port() {
        return environment().getRequiredProperty("local.server.port", int.class);
    }

    URI uri() {
        return URI.create("http://localhost:" + port());
    }

    Database database() {
        return database;
    }

    private Environment environment() {
        return context.getEnvironment();
    }

    @Override
    public void close() {
        context.close();
    }
}
