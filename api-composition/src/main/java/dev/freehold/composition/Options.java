package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.Assert;

/**
 * What a spec says, as attributes of the annotation in whose place it stands: so names, defaults and checks are the same.
 *
 * @param type the annotation
 * @param attributes those that are said
 */
record Options<A extends Annotation>(Class<A> type, Map<String, Object> attributes) {

    static <A extends Annotation> Options<A> of(Class<A> type) {
        return new Options<>(type, Map.of());
    }

    /** The same with one that is said, in place of what was said before. */
    Options<A> with(String attribute, Object value) {
        Assert.notNull(value, () -> attribute + " must not be null");
        Map<String, Object> more = new HashMap<>(attributes);
        more.put(attribute, value);
        return new Options<>(type, Map.copyOf(more));
    }

    A annotation() {
        return MergedAnnotation.of(type, attributes).synthesize();
    }
}
