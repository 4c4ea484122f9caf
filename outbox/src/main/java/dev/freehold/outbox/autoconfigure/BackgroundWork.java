package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxRelay;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator begins and does not wait for: the log tells when it is done. */
final class BackgroundWork {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private final Set<String> running = ConcurrentHashMap.newKeySet();

    /** Begins a piece of work; refuses to do so twice at a time. */
    void start(String what, Runnable work) {
        if (!running.add(what)) {
            throw Refusals.of("There is a %s already.".formatted(what), "Wait until it is done.");
        }
        Thread thread = new Thread(() -> run(what, work), "outbox-" + what.replace(' ', '-'));
        thread.setDaemon(true);
        thread.start();
    }

    private void run(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) { // nobody else would hear of it
            log.error("A {} did not come to its end; begin again", what, e);
        } finally {
            running.remove(what);
        }
    }
}
