package dev.freehold.composition.contract;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.BaseStream;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;

/** What is read of an answer for what a method returns: what is in futures, optionals and response entities. */
final class AnswerType {

    private AnswerType() {}

    static Type of(Class<?> client, Method method) {
        return of(ResolvableType.forType(GenericTypeResolver.resolveType(method.getGenericReturnType(), client)))
                .getType();
    }

    private static ResolvableType of(ResolvableType type) {
        Class<?> raw = type.resolve(Object.class);
        if (CompletionStage.class.isAssignableFrom(raw)) {
            return of(type.as(CompletionStage.class).getGeneric(0));
        }
        if (HttpEntity.class.isAssignableFrom(raw)) {
            return of(type.as(HttpEntity.class).getGeneric(0));
        }
        if (raw == Optional.class) {
            return of(type.getGeneric(0));
        }
        return BaseStream.class.isAssignableFrom(raw) ? many(type.as(BaseStream.class)) : type;
    }

    private static ResolvableType many(ResolvableType stream) {
        return ResolvableType.forClassWithGenerics(List.class, stream.getGeneric(0));
    }
}
