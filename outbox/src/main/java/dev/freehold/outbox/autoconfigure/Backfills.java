package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.PublishedStates;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the states of all rows for an operator, who does not wait for it: the log tells when it is done. */
final class Backfills {

    private static final Logger log = LoggerFactory.getLogger(PublishedStates.class);
    private static final int ROWS = 500;

    private final PublishedStates states;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    Backfills(PublishedStates states) {
        this.states = states;
    }

    /** Begins to publish the states of a type; refuses to do so twice at a time. */
    void start(String type) {
        Class<?> entity = states.entities().get(type);
        if (entity == null) {
            throw Refusals.of(
                    "No entity publishes states of type '%s'.".formatted(type),
                    "Types are " + states.entities().keySet() + ".");
        }
        if (!running.add(type)) {
            throw Refusals.of(
                    "All states of type '%s' are being published already.".formatted(type), "Wait until it is done.");
        }
        Thread thread = new Thread(() -> publishAll(type, entity), "outbox-states-" + type);
        thread.setDaemon(true);
        thread.start();
    }

    private void publishAll(String type, Class<?> entity) {
        try {
            states.publishAll(entity, ROWS);
        } catch (RuntimeException e) { // nobody else would hear of it
            log.error("Not all states of type '{}' were published; begin again", type, e);
        } finally {
            running.remove(type);
        }
    }
}
