package dev.freehold.composition;

import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.util.Assert;

/**
 * A view whose record says nothing itself, for {@link CompositionsBuilder#view}: what {@link ComposedView} and the annotations of
 * components say, with the same meaning, defaults and checks. Annotations of the record, if it has any, are passed over. What is
 * wrong with it is told by {@link CompositionsBuilder#build}. Null is refused at once. Immutable: each option gives a copy.
 */
public final class ViewSpec {

    /** What {@link One} says beside source and key. */
    public static final class OneOptions {

        private final Options<One> options;

        private OneOptions(Options<One> options) {
            this.options = options;
        }

        /** As {@link One#filter}. */
        public OneOptions filter(String component) {
            return new OneOptions(options.with("filter", component));
        }

        /** As {@link One#join}. */
        public OneOptions join(Join join) {
            return new OneOptions(options.with("join", join));
        }
    }

    /** What {@link Many} says beside source and keys. */
    public static final class ManyOptions {

        private final Options<Many> options;

        private ManyOptions(Options<Many> options) {
            this.options = options;
        }

        /** As {@link Many#limit}. */
        public ManyOptions limit(int rows) {
            return new ManyOptions(options.with("limit", rows));
        }

        /** As {@link Many#join}. */
        public ManyOptions join(Join join) {
            return new ManyOptions(options.with("join", join));
        }
    }

    private final Class<?> type;
    private final Options<ComposedView> options;
    private final List<ViewDeclaration.Component> components;

    private ViewSpec(Class<?> type, Options<ComposedView> options, List<ViewDeclaration.Component> components) {
        this.type = type;
        this.options = options;
        this.components = List.copyOf(components);
    }

    /**
     * Begins with no components.
     *
     * @param row a record: its components are what it is composed of, each of which must be described
     */
    public static ViewSpec of(Class<?> row) {
        Assert.notNull(row, "row must not be null");
        return new ViewSpec(row, Options.of(ComposedView.class), List.of());
    }

    /** Says which component is the {@link Root}; its rows are there already, and the view is used with {@link View#compose} only. */
    public ViewSpec root(String component) {
        return with(component, Options.of(Root.class));
    }

    /** Says which component is the {@link Root}, and which {@link RootSource} its rows come from. */
    public ViewSpec root(String component, String source) {
        return with("root", source).root(component);
    }

    /** Describes a component as {@link One}: its source, and the path of its key. */
    public ViewSpec one(String component, String source, String key) {
        return one(component, source, key, UnaryOperator.identity());
    }

    /** The same with more to say. */
    public ViewSpec one(String component, String source, String key, UnaryOperator<OneOptions> more) {
        Options<One> said = Options.of(One.class).with("source", source).with("key", key);
        Assert.notNull(more, "more must not be null");
        return with(component, more.apply(new OneOptions(said)).options);
    }

    /** Describes a component as {@link Many}: its source, and the path of its one key. */
    public ViewSpec many(String component, String source, String key) {
        return many(component, source, key, UnaryOperator.identity());
    }

    /** The same with more to say. */
    public ViewSpec many(String component, String source, String key, UnaryOperator<ManyOptions> more) {
        return manyVia(component, source, "", key, more);
    }

    /** Describes a component as {@link Many}: its source, the path of a collection, and within an element that of the key. */
    public ViewSpec manyVia(String component, String source, String via, String key) {
        return manyVia(component, source, via, key, UnaryOperator.identity());
    }

    /** The same with more to say. */
    public ViewSpec manyVia(String component, String source, String via, String key, UnaryOperator<ManyOptions> more) {
        Options<Many> said =
                Options.of(Many.class).with("source", source).with("via", via).with("key", key);
        Assert.notNull(more, "more must not be null");
        return with(component, more.apply(new ManyOptions(said)).options);
    }

    /** As {@link ComposedView#budget}. */
    public ViewSpec budget(Duration time) {
        Assert.notNull(time, "budget must not be null");
        return with("budget", time.toString());
    }

    /** As {@link ComposedView#maxStages}. */
    public ViewSpec maxStages(int calls) {
        return with("maxStages", calls);
    }

    private ViewSpec with(String option, Object value) {
        return new ViewSpec(type, options.with(option, value), components);
    }

    private ViewSpec with(String component, Options<? extends Annotation> as) {
        Assert.notNull(component, "component must not be null");
        List<ViewDeclaration.Component> more = new ArrayList<>(components);
        more.add(new ViewDeclaration.Component(component, as.annotation()));
        return new ViewSpec(type, options, more);
    }

    ViewDeclaration declaration() {
        return new ViewDeclaration(type, Wording.SPECS, options.annotation(), components);
    }
}
