package dev.freehold.inbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The listeners of one group, by topic and type. */
final class GroupListeners {

    private final String group;
    private final Map<String, ListenerMethod> listeners = new HashMap<>();

    GroupListeners(String group, Collection<ListenerMethod> methods) {
        this.group = group;
        methods.forEach(this::add);
    }

    private void add(ListenerMethod added) {
        ListenerMethod other = listeners.putIfAbsent(route(added.topic(), added.type()), added);
        if (other != null) {
            throw ListenerMethod.wrong(
                    added.method(),
                    "handles '%s' of topic '%s' in group '%s', as %s.%s does"
                            .formatted(
                                    added.type(),
                                    added.topic(),
                                    group,
                                    other.method().getDeclaringClass().getName(),
                                    other.method().getName()),
                    "Call the one from the other, or give it a group of its own: then it has its own once-only guarantee.");
        }
    }

    private static String route(String topic, String type) {
        return topic + " " + type;
    }

    Set<String> topics() {
        return listeners.values().stream().map(ListenerMethod::topic).collect(Collectors.toUnmodifiableSet());
    }

    @Nullable
    ListenerMethod of(InboxMessage message) {
        return listeners.get(route(message.context().topic(), message.context().type()));
    }

    /**
     * The listener of a message that has been kept for one.
     *
     * @throws ListenerMethod.Unreadable if there is none
     */
    ListenerMethod required(InboxMessage message) {
        ListenerMethod listener = of(message);
        if (listener == null) {
            throw new ListenerMethod.Unreadable(
                    "no listener of group '%s' handles type '%s' of topic '%s'"
                            .formatted(
                                    group,
                                    message.context().type(),
                                    message.context().topic()),
                    null);
        }
        return listener;
    }
}
