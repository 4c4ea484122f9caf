package dev.freehold.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of a term: what has to wait, or can never be sent, is parked before the rest is handed to the transport.
 *
 * <ol>
 *   <li>An event whose key is parked is put behind the others of its key.
 *   <li>An event with an obstacle parks its key; one of a dead-letter type is put aside instead, and its key goes on.
 *   <li>All of that is committed before the page's other events are handed over, so it is safe whatever happens to them. If
 *       the page is read again, what is parked stays as it is.
 * </ol>
 *
 * <p>Confined to the relay's thread.
 */
final class Outlet {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Lease lease;
    private final ParkedStore parked;
    private final OutboxTransport.Session session;
    private final RelaySettings settings;
    private final ParkedLane lane;
    private final RelayCounters counters;
    private boolean hasParkedKeys;

    Outlet(
            Lease lease,
            ParkedStore parked,
            OutboxTransport.Session session,
            RelaySettings settings,
            ParkedLane lane,
            RelayCounters counters) {
        this.lease = lease;
        this.parked = parked;
        this.session = session;
        this.settings = settings;
        this.lane = lane;
        this.counters = counters;
        knowsOfParkedKeys(parked.hasParkedKeys());
    }

    static Duration firstPause(RelaySettings settings) {
        return settings.maxParkedBackoff().compareTo(FIRST_PAUSE) < 0 ? settings.maxParkedBackoff() : FIRST_PAUSE;
    }

    /** Keys may be parked by somebody else, and may be parked no more. */
    void knowsOfParkedKeys(boolean present) {
        if (present && !hasParkedKeys) {
            lane.wakeUp();
        }
        hasParkedKeys = present;
    }

    Optional<OutboxTransport.Mark> mark() {
        return session.mark();
    }

    /**
     * @param lastCheck throws if nothing may be sent any more; asked at the very last, since parking may take its time
     */
    CompletableFuture<Void> send(Page page, OutboxTransport.Mark mark, Runnable lastCheck) {
        List<StoredEvent> open = withoutParked(page);
        lastCheck.run();
        return open.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : session.send(open, mark).thenRun(() -> counters.published(open.size()));
    }

    private List<StoredEvent> withoutParked(Page page) {
        boolean nothingIsParked = !hasParkedKeys && settings.deadLetterTypes().isEmpty();
        if (nothingIsParked && page.events().stream().allMatch(this::canBeSent)) {
            return page.events();
        }
        return park(page);
    }

    private boolean canBeSent(StoredEvent event) {
        return session.obstacle(event).isEmpty();
    }

    private List<StoredEvent> park(Page page) {
        Set<TopicKey> waiting = hasParkedKeys ? parked.parked(keys(page)) : new HashSet<>();
        Set<UUID> dead = deadAmong(page);
        List<StoredEvent> open = new ArrayList<>(page.events().size());
        List<ParkedStore.Parking> parkings = new ArrayList<>();
        for (int n = 0; n < page.events().size(); n++) {
            StoredEvent event = page.events().get(n);
            TopicKey key = TopicKey.of(event);
            if (waiting.contains(key)) {
                parkings.add(new ParkedStore.Parking(page.positions()[n], key, false, null));
            } else if (!dead.contains(event.id())) {
                String obstacle = session.obstacle(event).orElse(null);
                if (obstacle == null) {
                    open.add(event);
                } else {
                    parkings.add(parking(page.positions()[n], event, obstacle, waiting));
                }
            }
        }
        if (!parkings.isEmpty()) {
            parked.park(lease, parkings, firstPause(settings));
            counters.parked(parkings.size());
            hasParkedKeys = hasParkedKeys || !parkings.stream().allMatch(ParkedStore.Parking::dead);
            if (parkings.stream().anyMatch(ParkedStore.Parking::parksItsKey)) {
                lane.wakeUp();
            }
        }
        return open;
    }

    private ParkedStore.Parking parking(long position, StoredEvent event, String obstacle, Set<TopicKey> waiting) {
        TopicKey key = TopicKey.of(event);
        boolean dead = settings.deadLetterTypes().contains(event.type());
        if (dead) {
            log.warn("Put aside event {} of type {}: {}", event.id(), event.type(), obstacle);
        } else {
            waiting.add(key);
            logParked(event, obstacle);
        }
        return new ParkedStore.Parking(position, key, dead, obstacle);
    }

    private static void logParked(StoredEvent event, String cause) {
        log.warn(
                "Parked key '{}' of topic {}, and what comes after event {} of type {}: {}",
                event.key(),
                event.topic(),
                event.id(),
                event.type(),
                cause);
    }

    private Set<TopicKey> keys(Page page) {
        return page.events().stream().map(TopicKey::of).collect(Collectors.toSet());
    }

    private Set<UUID> deadAmong(Page page) {
        if (settings.deadLetterTypes().isEmpty()) {
            return Set.of();
        }
        Set<UUID> candidates = page.events().stream()
                .filter(event -> settings.deadLetterTypes().contains(event.type()))
                .map(StoredEvent::id)
                .collect(Collectors.toSet());
        return candidates.isEmpty() ? Set.of() : parked.dead(candidates);
    }

    /** What the broker refused only when it had it: it will be found parked when its page is read again. */
    void refused(OutboxTransport.Refused refused, Page page) {
        StoredEvent event = refused.event();
        String cause = String.valueOf(refused.getMessage());
        if (settings.deadLetterTypes().contains(event.type())) {
            log.warn("Put aside event {} of type {}: {}", event.id(), event.type(), cause);
            parked.park(
                    lease,
                    List.of(new ParkedStore.Parking(positionOf(event, page), TopicKey.of(event), true, cause)),
                    firstPause(settings));
        } else {
            logParked(event, cause);
            parked.parkKey(lease, TopicKey.of(event), cause, firstPause(settings));
        }
    }

    private static long positionOf(StoredEvent event, Page page) {
        for (int n = 0; n < page.events().size(); n++) {
            if (page.events().get(n).id().equals(event.id())) {
                return page.positions()[n];
            }
        }
        throw new IllegalStateException("the transport refused event " + event.id() + ", which it was not given");
    }
}
