package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Keyset;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;

/** A controller's {@link Keyset} is the request's parameter with its name; without one it is the start. */
final class KeysetArgumentResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Keyset.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        String name = String.valueOf(parameter.getParameterName());
        String text = request.getParameter(name);
        try {
            return text == null ? Keyset.start() : Keyset.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "Parameter '%s' is %s".formatted(name, malformed.getMessage()), malformed);
        }
    }
}
