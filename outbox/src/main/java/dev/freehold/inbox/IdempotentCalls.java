package dev.freehold.inbox;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Runs {@link Idempotent} methods of a bean once for each message. */
final class IdempotentCalls implements MethodInterceptor {

    private final Inbox inbox;
    private final Function<Object, Optional<String>> messageIds;
    private final Map<Method, IdempotentMethod> methods;

    private IdempotentCalls(
            Inbox inbox, Function<Object, Optional<String>> messageIds, Map<Method, IdempotentMethod> methods) {
        this.inbox = inbox;
        this.messageIds = messageIds;
        this.methods = methods;
    }

    /** The bean itself, if it has no such methods. */
    static <T> T in(T bean, Inbox inbox, Function<Object, Optional<String>> messageIds) {
        if (bean instanceof Advised advised && isDone(advised)) {
            return bean;
        }
        Map<Method, IdempotentMethod> methods = new HashMap<>();
        declaredBy(AopUtils.getTargetClass(bean))
                .forEach((method, declared) -> methods.put(method, IdempotentMethod.of(method, declared)));
        return methods.isEmpty() ? bean : proxy(bean, new IdempotentCalls(inbox, messageIds, methods));
    }

    private static boolean isDone(Advised advised) {
        return Arrays.stream(advised.getAdvisors()).anyMatch(advisor -> advisor.getAdvice() instanceof IdempotentCalls);
    }

    static Map<Method, Idempotent> declaredBy(Class<?> beanClass) {
        return MethodIntrospector.selectMethods(beanClass, (MethodIntrospector.MetadataLookup<Idempotent>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, Idempotent.class));
    }

    @SuppressWarnings("unchecked") // a proxy of the bean's class, or the proxy that it is already
    private static <T> T proxy(T bean, IdempotentCalls calls) {
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            advised.addAdvice(0, calls);
            return bean;
        }
        ProxyFactory factory = new ProxyFactory(bean);
        factory.setProxyTargetClass(true);
        factory.addAdvice(calls);
        return (T) factory.getProxy(bean.getClass().getClassLoader());
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Class<?> target = call.getThis() == null
                ? call.getMethod().getDeclaringClass()
                : call.getThis().getClass();
        IdempotentMethod method = methods.get(AopUtils.getMostSpecificMethod(call.getMethod(), target));
        return method == null ? call.proceed() : once(method, call);
    }

    private @Nullable Object once(IdempotentMethod method, MethodInvocation call) throws Throwable {
        AtomicReference<@Nullable Object> result = new AtomicReference<>();
        try {
            inbox.once(method.consumer(), method.idIn(call, messageIds), () -> result.set(proceed(call)));
        } catch (Failure e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        return result.get();
    }

    private static @Nullable Object proceed(MethodInvocation call) {
        try {
            return call.proceed();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // carried out of the transaction, which is rolled back
            throw new Failure(e);
        }
    }

    /** Carries a checked exception. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(Throwable cause) {
            super(cause);
        }
    }
}
