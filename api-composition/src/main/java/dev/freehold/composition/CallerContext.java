package dev.freehold.composition;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.context.i18n.LocaleContextThreadLocalAccessor;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestAttributesThreadLocalAccessor;

/**
 * Carries what one thread knows to another that works for it: the MDC, the locale, the request, the {@link Consistency}, and whatever has told Micrometer's
 * context propagation of itself, such as observations and Spring Security. Pages do so by themselves for the threads that call their
 * sources; this is for who asks for a page on another thread than the request's. Cannot be changed.
 */
public final class CallerContext {

    /** Beside the global one, whose owner is the application. */
    private static final ContextRegistry OURS = ours();

    private static final Set<Object> TRACE = Set.of(Slf4jThreadLocalAccessor.KEY, "micrometer.observation");

    private final ContextSnapshot known;
    private final ContextSnapshot ours;

    private CallerContext(ContextSnapshot known, ContextSnapshot ours) {
        this.known = known;
        this.ours = ours;
    }

    /** Takes what this thread knows. */
    public static CallerContext capture() {
        return new CallerContext(
                ContextSnapshotFactory.builder().build().captureAll(),
                ContextSnapshotFactory.builder().contextRegistry(OURS).build().captureAll());
    }

    /** Sets it on this thread until the scope is closed: then the thread knows what it did before. */
    public Scope open() {
        return restore(false);
    }

    /**
     * The same, or a part.
     *
     * @param forEverybody whether what is done then is for others, too: then only what tells where it came from, not who asked
     */
    Scope restore(boolean forEverybody) {
        Predicate<Object> some = forEverybody ? TRACE::contains : any -> true;
        ContextSnapshot.Scope outer = ours.setThreadLocals(some);
        ContextSnapshot.Scope inner = known.setThreadLocals(some);
        return () -> {
            inner.close();
            outer.close();
        };
    }

    /** To be closed on the same thread. */
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    private static ContextRegistry ours() {
        ContextRegistry registry = new ContextRegistry();
        registry.registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        registry.registerThreadLocalAccessor(new LocaleContextThreadLocalAccessor());
        registry.registerThreadLocalAccessor(new Consistency.Accessor());
        ClassLoader loader = CallerContext.class.getClassLoader();
        if (ClassUtils.isPresent("org.springframework.web.context.request.RequestContextHolder", loader)
                && ClassUtils.isPresent("jakarta.servlet.ServletRequest", loader)) {
            Web.register(registry);
        }
        return registry;
    }

    /** Loaded only where spring-web is. */
    private static final class Web {

        static void register(ContextRegistry registry) {
            registry.registerThreadLocalAccessor(new RequestAttributesThreadLocalAccessor());
        }
    }
}
