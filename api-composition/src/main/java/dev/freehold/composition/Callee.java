package dev.freehold.composition;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;

/** What is called for an answer: a method of a bean, or a function. */
interface Callee {

    /** What it takes, in their order. */
    List<Parameter> parameters();

    /** What it returns, out of publishers and such wrappers as futures. */
    ResolvableType answer(Class<?>... wrappers);

    /** Calls it, and waits for what comes later: of a stream's or a publisher's values no more than that many. */
    @Nullable
    Object call(@Nullable Object[] arguments, Budget budget, int maxValues) throws Exception;

    /** Whether it is told what its answers should have seen. */
    default boolean takesConsistency() {
        return parameters().stream().anyMatch(parameter -> parameter.raw() == Consistency.class);
    }

    /**
     * One that it takes.
     *
     * @param type of the values
     * @param name where it has one
     * @param annotations what it says beside
     */
    record Parameter(ResolvableType type, String name, MergedAnnotations annotations) {

        Class<?> raw() {
            return PropertyPath.raw(type);
        }

        /** Whether it is for what surrounds a call, not for what is asked. */
        boolean isSurrounding() {
            return raw() == Budget.class || raw() == Consistency.class;
        }

        /** What it gets then. */
        Object surrounding(Budget budget) {
            return raw() == Budget.class ? budget : Consistency.current();
        }
    }
}
