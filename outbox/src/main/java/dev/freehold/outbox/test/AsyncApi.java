package dev.freehold.outbox.test;

import dev.freehold.inbox.EventContext;
import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.OutboxEvent;
import java.lang.reflect.Method;
import java.util.Optional;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An AsyncAPI 3 document, part by part. */
final class AsyncApi {

    private static final String SPECIFICATION = "3.0.0";
    private static final String JSON = "application/json";

    private final JsonMapper json;
    private final ObjectNode document;

    AsyncApi(JsonMapper json, String title, String version) {
        this.json = json;
        this.document = json.createObjectNode().put("asyncapi", SPECIFICATION);
        document.putObject("info").put("title", title).put("version", version);
        document.put("defaultContentType", JSON);
        document.putObject("channels");
        document.putObject("operations");
        document.putObject("components").putObject("messages");
    }

    ObjectNode json() {
        return document;
    }

    /** An event that the service publishes. */
    void sends(EventContract contract) {
        message(contract.topic(), contract.name(), contract.type(), contract.schema());
        operation("send." + contract.name(), "send", contract.topic(), contract.name());
    }

    /** A method that receives events of a type; in whichever version its parameter is. */
    void receives(Method listener) {
        InboxListener declared = listener.getAnnotation(InboxListener.class);
        if (listener.getParameterCount() == 0 || listener.getParameterTypes()[0] == EventContext.class) {
            return;
        }
        Class<?> read = listener.getParameterTypes()[0] == Optional.class
                ? ResolvableType.forMethodParameter(listener, 0).getGeneric(0).resolve(Object.class)
                : listener.getParameterTypes()[0];
        OutboxEvent event = read.getAnnotation(OutboxEvent.class);
        String type = declared.type().isBlank() && event != null ? event.type() : declared.type();
        String topic = declared.topic();
        String name = type + ".as-read";
        message(topic, name, type, EventSchema.of(read, json));
        ObjectNode operation = operation("receive." + type + "." + listener.getName(), "receive", topic, name);
        if (!declared.group().isBlank()) {
            operation
                    .putObject("bindings")
                    .putObject("kafka")
                    .putObject("groupId")
                    .put("type", "string")
                    .putArray("enum")
                    .add(declared.group());
        }
    }

    private ObjectNode operation(String id, String action, String topic, String message) {
        ObjectNode operation = document.withObject("operations").putObject(id).put("action", action);
        operation.putObject("channel").put("$ref", "#/channels/" + channel(topic));
        operation.putArray("messages").addObject().put("$ref", "#/channels/" + channel(topic) + "/messages/" + message);
        return operation;
    }

    private void message(String topic, String name, String type, JsonNode schema) {
        ObjectNode channel = document.withObject("channels").withObjectProperty(channel(topic));
        channel.put("address", topic);
        channel.withObjectProperty("messages").putObject(name).put("$ref", "#/components/messages/" + name);
        ObjectNode message = document.withObject("components")
                .withObjectProperty("messages")
                .putObject(name)
                .put("name", type)
                .put("contentType", JSON);
        message.set("headers", headers(type));
        message.set("payload", schema);
        message.putObject("bindings").putObject("kafka").putObject("key").put("type", "string");
    }

    /** CloudEvents in binary mode. */
    private ObjectNode headers(String type) {
        ObjectNode headers = json.createObjectNode().put("type", "object");
        ObjectNode properties = headers.putObject("properties");
        properties.putObject("ce_specversion").put("const", "1.0");
        properties.putObject("ce_id").put("type", "string").put("format", "uuid");
        properties.putObject("ce_type").put("const", type);
        properties.putObject("ce_source").put("type", "string");
        properties.putObject("ce_time").put("type", "string").put("format", "date-time");
        properties.putObject("ce_subject").put("type", "string");
        properties.putObject("ce_schemaversion").put("type", "string");
        properties.putObject("traceparent").put("type", "string");
        headers.putArray("required")
                .add("ce_specversion")
                .add("ce_id")
                .add("ce_type")
                .add("ce_source");
        return headers;
    }

    /** Placeholders of a listener's topic are no part of an id. */
    private static String channel(String topic) {
        return topic.replaceAll("[^\\w.-]", "-");
    }
}
