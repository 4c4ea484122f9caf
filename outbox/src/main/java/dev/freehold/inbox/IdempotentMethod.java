package dev.freehold.inbox;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** One {@link Idempotent} method, checked. */
record IdempotentMethod(
        Method method, String consumer, @Nullable Expression id) {

    private static final SpelExpressionParser EXPRESSIONS = new SpelExpressionParser();
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();
    private static final Set<Propagation> JOINING =
            Set.of(Propagation.REQUIRED, Propagation.SUPPORTS, Propagation.MANDATORY, Propagation.NESTED);
    private static final String ADVICE =
            "Say what makes the message the same one: @Idempotent(consumer = \"…\", id = \"#payment.id()\").";

    static IdempotentMethod of(Method method, Idempotent declared) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
            throw wrong(method, "is private, static or final", "Make it an instance method that others may call.");
        }
        if (method.getReturnType().isPrimitive() && method.getReturnType() != void.class) {
            throw wrong(
                    method,
                    "returns " + method.getReturnType(),
                    "Let it return nothing or an object: for a message that was handled before, it returns null.");
        }
        if (isAsynchronous(method.getReturnType())) {
            throw wrong(
                    method,
                    "returns %s, so before its work is done"
                            .formatted(method.getReturnType().getSimpleName()),
                    "Let it return when it has done its work: the id is noted in the same transaction.");
        }
        Transactional own = AnnotatedElementUtils.findMergedAnnotation(method, Transactional.class);
        if (own != null && !JOINING.contains(own.propagation())) {
            throw wrong(
                    method,
                    "has a transaction of its own (%s)".formatted(own.propagation()),
                    "Take that propagation off: the id is noted in the transaction of the effects, or neither may be there alone.");
        }
        DefaultInbox.checkName("consumer", declared.consumer());
        return new IdempotentMethod(method, declared.consumer(), expression(method, declared));
    }

    private static boolean isAsynchronous(Class<?> type) {
        return Future.class.isAssignableFrom(type) || type.getName().startsWith("reactor.core.");
    }

    private static @Nullable Expression expression(Method method, Idempotent declared) {
        if (method.getParameterCount() == 0) {
            throw wrong(method, "takes nothing", "Let it take the message, or call Inbox.once with an id.");
        }
        if (declared.id().isBlank()) {
            return null;
        }
        try {
            return EXPRESSIONS.parseExpression(declared.id());
        } catch (ParseException e) {
            throw wrong(method, "has the id '%s': %s".formatted(declared.id(), e.getMessage()), ADVICE);
        }
    }

    private static InboxException wrong(Method method, String what, String action) {
        return new InboxException(
                "@Idempotent method %s.%s %s."
                        .formatted(method.getDeclaringClass().getName(), method.getName(), what),
                action);
    }

    /** The id of the message that the method is called with. */
    String idIn(MethodInvocation call, Function<Object, Optional<String>> messageIds) {
        Object found = id == null ? broughtAlong(call.getArguments(), messageIds) : evaluated(id, call);
        if (found == null || found.toString().isBlank()) {
            throw wrong(method, "was called with a message that has no id", ADVICE);
        }
        return found.toString();
    }

    private static @Nullable Object broughtAlong(
            @Nullable Object[] arguments, Function<Object, Optional<String>> messageIds) {
        return Arrays.stream(arguments)
                .filter(Objects::nonNull)
                .flatMap(argument -> messageIds.apply(argument).stream())
                .findFirst()
                .orElse(null);
    }

    private @Nullable Object evaluated(Expression expression, MethodInvocation call) {
        Object target = Objects.requireNonNull(call.getThis());
        return expression.getValue(new MethodBasedEvaluationContext(target, method, call.getArguments(), NAMES));
    }
}
