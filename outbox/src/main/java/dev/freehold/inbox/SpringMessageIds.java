package dev.freehold.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.outbox.internal.MessageIdentity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/** Ids that Spring's messages bring along. Their own header {@code id} is none: it is another one at each delivery. */
final class SpringMessageIds {

    /** CloudEvents as Kafka, AMQP and HTTP carry them, and the id of AMQP itself. */
    private static final List<String> HEADERS =
            List.of("ce_id", "cloudEvents_id", "cloudEvents:id", "ce-id", "amqp_messageId");

    private SpringMessageIds() {}

    static Optional<String> of(Object message) {
        return message instanceof Message<?> received ? of(received.getHeaders()) : Optional.empty();
    }

    private static Optional<String> of(MessageHeaders headers) {
        return HEADERS.stream()
                .map(headers::get)
                .flatMap(value -> text(value).stream())
                .findFirst()
                .map(id -> MessageIdentity.of(text(headers.get("ce_source")).orElse(null), id));
    }

    private static Optional<String> text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Optional.of(new String(bytes, UTF_8));
        }
        return Optional.ofNullable(value).map(Object::toString);
    }
}
