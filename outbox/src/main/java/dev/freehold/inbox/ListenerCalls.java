package dev.freehold.inbox;

import dev.freehold.outbox.PayloadCodec;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads messages for listeners and calls them, each call observed: where there is tracing, it goes on with the trace of
 * whoever published the message.
 *
 * @param group the group, for what is observed
 * @param json mapper of payloads
 * @param codec what turns them back into JSON
 * @param upcasters steps between versions
 * @param observations where calls are observed
 */
record ListenerCalls(
        String group, JsonMapper json, PayloadCodec codec, Upcasters upcasters, ObservationRegistry observations) {

    private static final String NAME = "freehold.inbox.listener";

    Optional<Object> read(ListenerMethod listener, InboxMessage message) {
        return listener.read(decoded(message), json, upcasters);
    }

    private InboxMessage decoded(InboxMessage message) {
        byte[] payload = message.payload();
        if (payload == null) {
            return message;
        }
        EventContext context = message.context();
        try {
            byte[] json = codec.decode(context.type(), context.key(), payload);
            return new InboxMessage(context, Objects.requireNonNull(json, "the codec returned null"));
        } catch (RuntimeException e) { // whatever it is, it is not the database
            throw new ListenerMethod.Unreadable("the payload cannot be decoded: " + e, e);
        }
    }

    void call(ListenerMethod listener, Optional<Object> event, EventContext context) {
        if (observations.isNoop()) {
            listener.invoke(event, context);
        } else {
            observed(listener, event, context);
        }
    }

    @SuppressWarnings("try") // the scope is what the call runs in
    private void observed(ListenerMethod listener, Optional<Object> event, EventContext context) {
        Observation observation = Observation.start(NAME, () -> received(context), observations);
        try (Observation.Scope scope = observation.openScope()) {
            listener.invoke(event, context);
        } catch (ListenerMethod.HandlerFailure e) {
            observation.error(e.getCause() == null ? e : e.getCause());
            throw e;
        } finally {
            observation.stop();
        }
    }

    private ReceiverContext<EventContext> received(EventContext context) {
        ReceiverContext<EventContext> received = new ReceiverContext<>(ListenerCalls::header, Kind.CONSUMER);
        received.setCarrier(context);
        received.setContextualName(context.topic() + " process");
        received.addLowCardinalityKeyValues(
                KeyValues.of("group", group, "topic", context.topic(), "type", context.type()));
        received.addHighCardinalityKeyValues(
                KeyValues.of("messaging.message.id", context.id().toString(), "key", context.key()));
        return received;
    }

    private static @Nullable String header(EventContext context, String name) {
        return context.headers().get(name);
    }
}
