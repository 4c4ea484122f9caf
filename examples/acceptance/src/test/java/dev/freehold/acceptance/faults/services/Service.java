package dev.freehold.acceptance.faults.services;

import java.io.IOException;
import java.io.OutputStream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;

/** Runs an application in a JVM that ends when the one that started it is gone. */
final class Service {

    private static final int ORPHANED = 9;

    private Service() {}

    static void run(Class<?> application, String... arguments) {
        Thread watch = new Thread(Service::endWithOurParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        SpringApplication spring = new SpringApplication(application);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.run(arguments);
    }

    /** Nothing is written to us; the stream ends with its writer. */
    private static void endWithOurParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The parent is gone, too.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}
