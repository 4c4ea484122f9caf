package dev.freehold.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freehold.outbox.PayloadCodec;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * Encrypts payloads with AES-GCM, once there are keys. What it makes begins with a 1, which JSON never does, and names its key, so
 * keys can be changed: give the new one to all who read, make it the present one where events are published, and take
 * the old one away when nothing that was encrypted with it is left in topics, logs and parked keys.
 */
@Component
@ConditionalOnProperty("payloads.present")
@EnableConfigurationProperties(EncryptedPayloads.Keys.class)
class EncryptedPayloads implements PayloadCodec {

    private static final byte ENCRYPTED = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Keys keys;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param present name of the key that is used for what is published
     * @param keys AES keys in Base64 by their names, 16 or 32 bytes each
     */
    @ConfigurationProperties("payloads")
    record Keys(String present, Map<String, String> keys) {

        private SecretKeySpec named(String name) {
            String key = keys.get(name);
            if (key == null) {
                throw new IllegalStateException("there is no key '%s'; set payloads.keys.%s".formatted(name, name));
            }
            return new SecretKeySpec(Base64.getDecoder().decode(key), "AES");
        }
    }

    EncryptedPayloads(Keys keys) {
        this.keys = keys;
        keys.named(keys.present()); // at start, or not at all
    }

    @Override
    public byte[] encode(String type, String key, byte[] json) {
        byte[] name = keys.present().getBytes(UTF_8);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, keys.present(), nonce, key, json);
        return ByteBuffer.allocate(2 + name.length + nonce.length + encrypted.length)
                .put(ENCRYPTED)
                .put((byte) name.length)
                .put(name)
                .put(nonce)
                .put(encrypted)
                .array();
    }

    /** What does not begin with the mark was published before there were keys. */
    @Override
    public byte[] decode(String type, String key, byte[] payload) {
        ByteBuffer read = ByteBuffer.wrap(payload);
        if (read.get() != ENCRYPTED) {
            return payload;
        }
        String name = new String(take(read, read.get()), UTF_8);
        byte[] nonce = take(read, NONCE_BYTES);
        return cipher(Cipher.DECRYPT_MODE, name, nonce, key, take(read, read.remaining()));
    }

    private static byte[] take(ByteBuffer from, int bytes) {
        byte[] taken = new byte[bytes];
        from.get(taken);
        return taken;
    }

    /** Bound to the event's key, so that nobody can put one customer's data in another's place. */
    private byte[] cipher(int mode, String keyName, byte[] nonce, String eventKey, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, keys.named(keyName), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(eventKey.getBytes(UTF_8));
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("payload of key '%s' with key '%s'".formatted(eventKey, keyName), e);
        }
    }
}
