package dev.freehold.composition;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.util.ClassUtils;

/** Values of a keyset as text and back. */
final class KeysetValues {

    /** What Spring's conversion leaves out. */
    private static final Map<Class<?>, Function<String, Object>> TIMES = new HashMap<>(Map.of(
            Instant.class, Instant::parse,
            LocalDate.class, LocalDate::parse,
            LocalDateTime.class, LocalDateTime::parse,
            OffsetDateTime.class, OffsetDateTime::parse));

    private KeysetValues() {}

    static boolean isReadable(Class<?> type) {
        return TIMES.containsKey(type)
                || DefaultConversionService.getSharedInstance()
                        .canConvert(String.class, ClassUtils.resolvePrimitiveIfNecessary(type));
    }

    static String write(Object value) {
        return value instanceof Enum<?> constant ? constant.name() : value.toString();
    }

    @SuppressWarnings("unchecked")
    static <T> T read(String text, Class<T> type) {
        try {
            Function<String, Object> time = TIMES.get(type);
            Object value = time != null
                    ? time.apply(text)
                    : DefaultConversionService.getSharedInstance().convert(text, type);
            if (value == null) {
                throw new IllegalArgumentException(
                        "a keyset's value is empty, but should be a " + type.getSimpleName());
            }
            return (T) value;
        } catch (java.time.DateTimeException | ConversionException unreadable) {
            throw new IllegalArgumentException(
                    "a keyset's value is '" + text + "', which is no " + type.getSimpleName(), unreadable);
        }
    }
}
