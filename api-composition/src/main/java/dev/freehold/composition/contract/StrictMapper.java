package dev.freehold.composition.contract;

import java.lang.reflect.Type;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * A consumer's mapper, and the same without its goodwill: one that does not turn numbers into text, dates with a time into days,
 * and so on, since that is how a drift goes unseen.
 */
final class StrictMapper {

    private final JsonMapper lenient;
    private final JsonMapper strict;

    StrictMapper(JsonMapper mapper) {
        this.lenient = mapper;
        this.strict = mapper.rebuild()
                .defaultLeniency(false)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    JsonMapper lenient() {
        return lenient;
    }

    JsonMapper strict() {
        return strict;
    }

    JavaType type(Type type) {
        return strict.constructType(type);
    }

    DeserializationContext context() {
        return strict._deserializationContext();
    }

    ValueDeserializer<Object> reader(JavaType type) {
        return context().findRootValueDeserializer(type);
    }

    /** Whether properties fail that a type does not have. */
    boolean failsOnUnknown() {
        return strict.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
