package dev.freehold.outbox.autoconfigure;

import dev.freehold.inbox.Idempotent;
import dev.freehold.inbox.Inbox;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Gives beans with {@link Idempotent} methods to the inbox, before listener containers get to see them. */
record IdempotentBeans(ObjectProvider<Inbox> inbox) implements BeanPostProcessor, Ordered {

    /** Spring's processors of listener annotations come last of all. */
    private static final int BEFORE_LISTENERS = Ordered.LOWEST_PRECEDENCE - 100;

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof AopInfrastructureBean) {
            return bean; // a scoped proxy, whose target is a bean of its own
        }
        return isMeant(AopUtils.getTargetClass(bean)) ? inbox.getObject().idempotent(bean) : bean;
    }

    private static boolean isMeant(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, Idempotent.class)
                && !type.getName().startsWith("org.springframework.")
                && !MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<Boolean>)
                                method -> AnnotatedElementUtils.hasAnnotation(method, Idempotent.class) ? true : null)
                        .isEmpty();
    }

    @Override
    public int getOrder() {
        return BEFORE_LISTENERS;
    }
}
