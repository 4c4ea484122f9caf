package dev.freehold.outbox;

/**
 * Turns payloads into what is stored and sent, and back where they are received: to encrypt them, say. With Spring Boot, the
 * bean of this type is used for what the service publishes and for what it receives.
 *
 * <p>Everything that is encoded must be decoded for as long as it is in a topic, a log or parked, so say in the result which key
 * or way was used. What was never encoded, because it is older or another service's, is handed to {@link #decode}, too. Called on
 * the threads that publish and receive.
 */
public interface PayloadCodec {

    /** Leaves payloads as they are. */
    PayloadCodec NONE = new PayloadCodec() {
        @Override
        public byte[] encode(String type, String key, byte[] json) {
            return json;
        }

        @Override
        public byte[] decode(String type, String key, byte[] payload) {
            return payload;
        }
    };

    /**
     * Called in the transaction that publishes the event, which fails if this throws.
     *
     * @param type logical type of the event; a payload that is bound to it, as authenticated data of a cipher, say, is not
     *     readable any more after {@link ParkedEvents#retype}
     * @param key what it is ordered by
     * @param json the payload
     * @return what is stored and sent; nothing that begins as JSON does, with a brace, unless it is
     */
    byte[] encode(String type, String key, byte[] json);

    /**
     * The inverse. If it throws, the message is parked; it can be replayed when that is mended.
     *
     * @param type logical type of the message
     * @param key its key
     * @param payload what was received
     * @return JSON
     */
    byte[] decode(String type, String key, byte[] payload);
}
