package dev.freehold.composition.contract;

import dev.freehold.composition.Budget;
import dev.freehold.composition.Source;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.util.UriBuilderFactory;

/**
 * A method that asks a service.
 *
 * @param name as in {@code CustomerApi.byIds}
 * @param http method of the request
 * @param path of the request, with variables
 * @param sent what it sends
 * @param sendsMore whether it sends what cannot be seen here
 * @param maxBatch how many keys it sends at most; 0 if it is not a source of many keys
 * @param answer what it reads
 */
record ClientCall(
        String name, String http, String path, List<Sent> sent, boolean sendsMore, int maxBatch, Type answer) {

    private static final Pattern VARIABLE = Pattern.compile("\\{\\*?([^/}:]*)[^/}]*}");
    private static final Set<Class<?>> NOTHING_SENT =
            Set.of(Budget.class, HttpMethod.class, URI.class, UriBuilderFactory.class);

    /**
     * A part of a request.
     *
     * @param in as OpenAPI calls it: body, query, path, header or cookie
     * @param name of it; empty for a body
     * @param type of its value
     */
    record Sent(String in, String name, Type type) {}

    static Optional<HttpExchange> exchange(Method method) {
        return Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(method, HttpExchange.class));
    }

    /** A method of an HTTP interface client. */
    static ClientCall of(Class<?> client, Method method, HttpExchange exchange) {
        HttpExchange shared = AnnotatedElementUtils.findMergedAnnotation(client, HttpExchange.class);
        String outer = shared == null ? "" : shared.url();
        String http = !exchange.method().isEmpty() || shared == null ? exchange.method() : shared.method();
        String path = OpenApi.withoutHost(outer + (exchange.url().startsWith("/") ? "" : "/") + exchange.url());
        if (path.contains("${") || http.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s asks %s %s, which is known only at run time; name the endpoint: contract.answer(\"POST\", \"/…\").verify(%s.class, …)"
                            .formatted(name(method), http, path, client.getSimpleName()));
        }
        return of(client, method, http, path);
    }

    static ClientCall of(Class<?> client, Method method, String http, String path) {
        List<Sent> sent = new ArrayList<>();
        boolean sendsMore = false;
        @Nullable String[] names = new DefaultParameterNameDiscoverer().getParameterNames(method);
        for (int i = 0; i < method.getParameterCount(); i++) {
            Parameter parameter = method.getParameters()[i];
            Type type = GenericTypeResolver.resolveType(parameter.getParameterizedType(), client);
            String fallback = names == null ? "" : Objects.requireNonNullElse(names[i], "");
            Optional<Sent> part = sent(parameter, fallback, type);
            part.ifPresent(sent::add);
            sendsMore |= part.isEmpty() && !NOTHING_SENT.contains(parameter.getType());
        }
        Source source = AnnotatedElementUtils.findMergedAnnotation(method, Source.class);
        return new ClientCall(
                name(method),
                http,
                path,
                sent,
                sendsMore,
                source == null ? 0 : source.maxBatch(),
                AnswerType.of(client, method));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static Optional<Sent> sent(Parameter parameter, String name, Type type) {
        if (parameter.isAnnotationPresent(RequestBody.class)) {
            return Optional.of(new Sent("body", "", type));
        }
        if (Map.class.isAssignableFrom(parameter.getType())) {
            return Optional.empty(); // parts whose names are known only at run time
        }
        RequestParam query = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
        if (query != null) {
            return Optional.of(new Sent("query", either(query.name(), name), type));
        }
        PathVariable path = AnnotatedElementUtils.findMergedAnnotation(parameter, PathVariable.class);
        if (path != null) {
            return Optional.of(new Sent("path", either(path.name(), name), type));
        }
        RequestHeader header = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestHeader.class);
        if (header != null) {
            return Optional.of(new Sent("header", either(header.name(), name), type));
        }
        CookieValue cookie = AnnotatedElementUtils.findMergedAnnotation(parameter, CookieValue.class);
        return cookie == null ? Optional.empty() : Optional.of(new Sent("cookie", either(cookie.name(), name), type));
    }

    private static String either(String declared, String fallback) {
        return declared.isEmpty() ? fallback : declared;
    }

    /** The names of the variables of a path, in their order. */
    static List<String> variables(String path) {
        List<String> names = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(path);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    String endpoint() {
        return http + " " + path;
    }
}
