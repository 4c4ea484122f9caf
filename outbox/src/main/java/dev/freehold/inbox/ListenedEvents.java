package dev.freehold.inbox;

import dev.freehold.outbox.ConsistencyToken;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What the groups of a service listen to, wherever their consumers run. Thread-safe. */
final class ListenedEvents {

    private final Map<String, Set<Route>> groups = new ConcurrentHashMap<>();
    private final Supplier<? extends Collection<ListenerMethod>> declared;
    private volatile boolean asked;

    /**
     * @param declared listeners beside those that are added, asked for when somebody first wants to know
     */
    ListenedEvents(Supplier<? extends Collection<ListenerMethod>> declared) {
        this.declared = declared;
    }

    void add(Collection<ListenerMethod> listeners) {
        for (ListenerMethod listener : listeners) {
            groups.computeIfAbsent(listener.group(), group -> ConcurrentHashMap.newKeySet())
                    .add(new Route(listener.topic(), listener.type()));
        }
    }

    /**
     * These groups, or all if none are named.
     *
     * @throws InboxException if there is no such group
     */
    Collection<String> groups(String... named) {
        if (!asked) { // by several at once, if they come at once: the answer is the same
            add(declared.get());
            asked = true;
        }
        for (String group : named) {
            if (!groups.containsKey(group)) {
                throw new InboxException(
                        "Nobody in this service listens in a group '%s'.".formatted(group),
                        "Groups are %s; name none to await them all.".formatted(new TreeSet<>(groups.keySet())));
            }
        }
        return named.length == 0 ? groups.keySet() : List.of(named);
    }

    /** The events that these groups listen to. */
    Set<Awaited> awaited(ConsistencyToken token, Collection<String> ofGroups) {
        Set<Awaited> awaited = new HashSet<>();
        for (String group : ofGroups) {
            for (Route route : groups.getOrDefault(group, Set.of())) {
                token.events(route.topic(), route.type()).forEach(id -> awaited.add(new Awaited(group, id)));
            }
        }
        return awaited;
    }

    /** What a listener is for. */
    private record Route(String topic, String type) {}
}
