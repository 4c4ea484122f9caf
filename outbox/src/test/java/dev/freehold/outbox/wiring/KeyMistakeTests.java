package dev.freehold.outbox.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An event without a key that orders it is refused when it is published, whatever is wrong with the key. */
class KeyMistakeTests {

    private static final String LONGEST = "k".repeat(255);

    @RegisterExtension
    static final Database database = new Database();

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.on(database.dataSource());
    }

    private static void refuses(Object event, String... fix) {
        Refusal.of(
                () -> service.inTransaction(() -> {
                    service.placeAndPublish("1");
                    service.outbox().publish(event);
                    throw new AssertionError("it was accepted");
                }),
                fix);
        assertThat(database.orders()).isEmpty();
        assertThat(database.events()).isEmpty();
    }

    @Test
    void refusesNoKey() {
        refuses(new WithoutKey("1"), "Put @EventKey", "aggregate's id");
    }

    @Test
    void refusesTwoKeys() {
        refuses(new TwoKeys("1", "2"), "Leave @EventKey on the id");
    }

    @Test
    void refusesANullKey() {
        refuses(new WithKey(null), "set it before");
        refuses(new WithTypedKey(null), "set it before");
        refuses(new WithTypedKey(new OrderId(null)), "set it before");
    }

    @Test
    void refusesABlankKey() {
        refuses(new WithKey(""), "1 to 255 characters");
        refuses(new WithKey(" \t"), "1 to 255 characters");
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        refuses(new WithKey(LONGEST + "k"), "1 to 255 characters");

        service.inTransaction(() -> service.outbox().publish(new WithKey(LONGEST)));
        assertThat(database.events()).containsExactly(LONGEST);
    }

    @Test
    void refusesAKeyOfAWrongType() {
        refuses(new WithFraction(1.5), "String, a UUID, a whole number, an enum");
        refuses(new WithDate(LocalDate.EPOCH), "String, a UUID, a whole number, an enum");
        refuses(new WithBytes(new byte[] {1}), "String, a UUID, a whole number, an enum");
        refuses(new WithList(List.of("1")), "String, a UUID, a whole number, an enum");
        refuses(new WithCompoundKey(new CompoundId("shop", 1)), "a record with one such component");
        refuses(new WithUntypedKey("1"), "String, a UUID, a whole number, an enum");
    }

    @Test
    void refusesAKeyMethodWithParameters() {
        refuses(new WithParameter("1"), "instance method without parameters");
    }

    @Test
    void refusesAKeyMethodThatIsStatic() {
        refuses(new WithStaticMethod("1"), "instance method without parameters");
    }

    @Test
    void refusesAKeyMethodThatReturnsNothing() {
        refuses(new WithVoidMethod("1"), "String, a UUID, a whole number, an enum");
    }

    @Test
    void refusesAKeyMethodThatThrows() {
        refuses(new WithFailingKey("1"), "Mend its @EventKey method");
    }

    @Test
    void refusesAKeyInAStaticField() {
        refuses(new WithStaticField(5), "a value of each event");
    }

    @Test
    void refusesAKeyThatNeitherDatabaseNorBrokerKeeps() {
        refuses(new WithKey("a\0b"), "Leave NUL and unpaired surrogates out");
        refuses(new WithKey("a\ud800b"), "Leave NUL and unpaired surrogates out");
        refuses(new WithKey("\udc00"), "Leave NUL and unpaired surrogates out");

        service.inTransaction(() -> service.outbox().publish(new WithKey("paired \ud83d\ude00")));
        assertThat(database.events()).containsExactly("paired \ud83d\ude00");
    }

    @Test
    void acceptsAKeyThatARecordMakesOfSeveralComponents() {
        service.inTransaction(() -> service.outbox().publish(new WithComposedKey("shop", 1)));

        assertThat(database.events()).containsExactly("shop-1");
    }

    @Test
    void acceptsAnOverriddenKeyMethod() {
        service.inTransaction(() -> service.outbox().publish(new WithOverriddenKey("1")));

        assertThat(database.events()).containsExactly("overridden 1");
    }

    @Test
    void acceptsKeysThatAreDeclaredAsTheyShouldBe() {
        UUID uuid = UUID.randomUUID();
        service.inTransaction(() -> {
            service.outbox().publish(new WithTypedKey(new OrderId("typed")));
            service.outbox().publish(new WithUuid(uuid));
            service.outbox().publish(new WithNumber(42));
            service.outbox().publish(new WithEnum(Region.NORTH));
        });

        assertThat(database.events()).containsExactly("typed", uuid.toString(), "42", "NORTH");
    }

    record OrderId(@Nullable String value) {}

    record CompoundId(String shop, int number) {}

    enum Region {
        NORTH {
            @Override
            public String toString() {
                return "up there";
            }
        }
    }

    @OutboxEvent(type = "keys.without-key", topic = "keys")
    record WithoutKey(String id) {}

    @OutboxEvent(type = "keys.two-keys", topic = "keys")
    record TwoKeys(@EventKey String id, @EventKey String other) {}

    @OutboxEvent(type = "keys.with-key", topic = "keys")
    record WithKey(@EventKey @Nullable String id) {}

    @OutboxEvent(type = "keys.with-typed-key", topic = "keys")
    record WithTypedKey(@EventKey @Nullable OrderId id) {}

    @OutboxEvent(type = "keys.with-uuid", topic = "keys")
    record WithUuid(@EventKey UUID id) {}

    @OutboxEvent(type = "keys.with-number", topic = "keys")
    record WithNumber(@EventKey int id) {}

    @OutboxEvent(type = "keys.with-enum", topic = "keys")
    record WithEnum(@EventKey Region id) {}

    @OutboxEvent(type = "keys.with-fraction", topic = "keys")
    record WithFraction(@EventKey double id) {}

    @OutboxEvent(type = "keys.with-date", topic = "keys")
    record WithDate(@EventKey LocalDate id) {}

    @SuppressWarnings("ArrayRecordComponent")
    @OutboxEvent(type = "keys.with-bytes", topic = "keys")
    record WithBytes(@EventKey byte[] id) {}

    @OutboxEvent(type = "keys.with-list", topic = "keys")
    record WithList(@EventKey List<String> id) {}

    @OutboxEvent(type = "keys.with-compound-key", topic = "keys")
    record WithCompoundKey(@EventKey CompoundId id) {}

    @OutboxEvent(type = "keys.with-untyped-key", topic = "keys")
    record WithUntypedKey(@EventKey Object id) {}

    @OutboxEvent(type = "keys.with-parameter", topic = "keys")
    static class WithParameter extends Base {
        WithParameter(String id) {
            super(id);
        }

        @EventKey
        String key(String prefix) {
            return prefix + id;
        }
    }

    @OutboxEvent(type = "keys.with-static-method", topic = "keys")
    static class WithStaticMethod extends Base {
        WithStaticMethod(String id) {
            super(id);
        }

        @EventKey
        static String key() {
            return "one for all";
        }
    }

    @OutboxEvent(type = "keys.with-void-method", topic = "keys")
    static class WithVoidMethod extends Base {
        WithVoidMethod(String id) {
            super(id);
        }

        @EventKey
        void key() {}
    }

    @OutboxEvent(type = "keys.with-failing-key", topic = "keys")
    static class WithFailingKey extends Base {
        WithFailingKey(String id) {
            super(id);
        }

        @EventKey
        String key() {
            throw new IllegalStateException("not yet known");
        }
    }

    @OutboxEvent(type = "keys.with-static-field", topic = "keys")
    record WithStaticField(long amount) {
        @EventKey
        static final String ID = "one for all";
    }

    @OutboxEvent(type = "keys.with-composed-key", topic = "keys")
    record WithComposedKey(String shop, int number) {
        @EventKey
        String key() {
            return shop + "-" + number;
        }
    }

    static class Keyed extends Base {
        Keyed(String id) {
            super(id);
        }

        @EventKey
        String key() {
            return id;
        }
    }

    @OutboxEvent(type = "keys.with-overridden-key", topic = "keys")
    static class WithOverriddenKey extends Keyed {
        WithOverriddenKey(String id) {
            super(id);
        }

        @Override
        @EventKey
        String key() {
            return "overridden " + id;
        }
    }

    static class Base {
        public final String id;

        Base(String id) {
            this.id = id;
        }
    }
}
