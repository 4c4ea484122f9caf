package dev.freehold.composition;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ResolvableType;

final class DefaultView<R, F> implements View<R, F> {

    private static final Logger log = LoggerFactory.getLogger(View.class);
    private static final int MAX_ROWS = 10_000;

    private final Plan plan;
    private final List<Properties.Property> unheeded;
    private final Caller caller;
    private final CallScope scope;
    private final List<PageListener> listeners;
    private final List<PageListener> hearers;

    DefaultView(Plan plan, Caller caller, CallScope scope, List<PageListener> listeners) {
        this.scope = scope;
        this.listeners = listeners;
        this.hearers = listeners.stream().filter(PageListener::wantsAnswers).toList();
        this.plan = plan;
        this.unheeded = unheeded(plan);
        this.caller = caller;
    }

    private static List<Properties.Property> unheeded(Plan plan) {
        Class<?> filter = plan.root().filterType();
        return filter == null
                ? List.of()
                : plan.unheeded().stream()
                        .map(name -> Properties.find(ResolvableType.forClass(filter), name))
                        .filter(Objects::nonNull)
                        .toList();
    }

    @Override
    public Page<R> page(@Nullable F filter, Keyset at, int limit) {
        if (plan.root().isGiven()) {
            throw new IllegalStateException(
                    "%s has no root source to ask for rows: use compose, or have the view name one"
                            .formatted(plan.name()));
        }
        if (limit < 1 || limit > MAX_ROWS) {
            throw new IllegalArgumentException("limit must be between 1 and %d, was %d".formatted(MAX_ROWS, limit));
        }
        requireRightFilter(filter);
        requireHeeded(filter);
        requireReadable(at);
        return told(run -> run.page(filter, at, limit));
    }

    /** What somebody has a view injected with is not checked by anybody else. */
    private void requireRightFilter(@Nullable F filter) {
        Class<?> declared = plan.root().filterType();
        if (filter == null && declared != null) {
            throw new IllegalArgumentException(
                    "%s filters by %s, and there is none: give one that lets all rows through"
                            .formatted(plan.name(), declared.getSimpleName()));
        }
        if (filter != null && (declared == null || !declared.isInstance(filter))) {
            throw new IllegalArgumentException("%s filters by %s, not by %s: use a View<%s, %s>"
                    .formatted(
                            plan.name(),
                            declared == null ? "nothing" : declared.getSimpleName(),
                            filter.getClass().getSimpleName(),
                            plan.name(),
                            declared == null ? "Void" : declared.getSimpleName()));
        }
    }

    /** Rows by a filter that is not heeded would be wrong. */
    private void requireHeeded(@Nullable F filter) {
        if (filter == null) {
            return;
        }
        for (Properties.Property unheeded : unheeded) {
            Object value = unheeded.reader().apply(filter);
            if (value != null && !value.equals(Optional.empty())) {
                throw new IllegalArgumentException(
                        "%s is not filtered by '%s': neither does root source '%s' declare that it heeds it, nor has a component it as its filter"
                                .formatted(
                                        plan.name(),
                                        unheeded.name(),
                                        plan.root().name()));
            }
        }
    }

    /** Before anybody is asked: what a client has made up is no failure of a source. */
    private void requireReadable(Keyset at) {
        List<RootDefinition.SortBy> sort = plan.root().sort();
        if (!at.isStart() && at.size() != sort.size()) {
            throw new InvalidKeysetException(
                    "a keyset of %s has %d values, this one has %d".formatted(plan.name(), sort.size(), at.size()),
                    null);
        }
        for (int i = 0; i < at.size(); i++) {
            try {
                at.get(i, sort.get(i).type());
            } catch (IllegalArgumentException unreadable) {
                throw new InvalidKeysetException(
                        "no keyset of %s: %s".formatted(plan.name(), unreadable.getMessage()), unreadable);
            }
        }
    }

    @Override
    public Page<R> compose(Collection<?> roots) {
        Object[] rows = roots.toArray();
        for (Object one : rows) {
            if (!plan.root().rowType().isInstance(one)) {
                throw new IllegalArgumentException("%s is composed around %s, not around %s"
                        .formatted(plan.name(), plan.root().rowType().getSimpleName(), one));
            }
        }
        return told(run -> run.compose(rows));
    }

    @Override
    public Plan plan() {
        return plan;
    }

    private PageRun begin(long begun) {
        Budget outer = Budget.current().orElse(null);
        long nanos = plan.budget().toNanos();
        long left = outer == null ? nanos : Math.min(nanos, outer.remainingNanos());
        Budget budget = new Budget(caller::nanoTime, begun + left);
        Tape tape = hearers.isEmpty() ? null : new Tape(plan.name());
        return new PageRun(plan, caller, budget, Whose.onThisThread(scope.current()), tape, begun, caller.now());
    }

    private Page<R> told(Function<PageRun, Page<Object>> making) {
        long begun = caller.nanoTime();
        Page<Object> page;
        try {
            page = made(begin(begun), making);
        } catch (RuntimeException failure) {
            Duration used = Duration.ofNanos(caller.nanoTime() - begun);
            listeners.forEach(listener -> listener.failed(plan.name(), failure, used));
            throw failure;
        }
        if (page.stale()) {
            Consistency.current().missed(); // so is what is made of it
        }
        listeners.forEach(listener -> listener.made(page.analysis()));
        return typed(page);
    }

    private Page<Object> made(PageRun run, Function<PageRun, Page<Object>> making) {
        try {
            return making.apply(run);
        } finally {
            run.recorded().ifPresent(this::tell);
        }
    }

    private void tell(PageRecording recording) {
        for (PageListener hearer : hearers) {
            try {
                hearer.heard(recording);
            } catch (RuntimeException failed) { // the page is more than its recording
                log.warn("What was said to {} was not heard by {}", plan.name(), hearer, failed);
            }
        }
    }

    @SuppressWarnings("unchecked") // the plan makes rows of this type
    private Page<R> typed(Page<Object> page) {
        return (Page<R>) (Page<?>) page;
    }
}
