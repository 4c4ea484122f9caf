package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Compositions;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.Page;
import dev.freehold.composition.Plan;
import dev.freehold.composition.View;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * Makes the bean of a view, which may be injected into sources, too: it is looked for when it is used first.
 *
 * @param <V> its type with that of its rows and filter: the first parameter is where Spring looks for what a factory makes
 */
final class ViewFactory<V extends View<?, ?>> implements FactoryBean<V>, BeanFactoryAware {

    private final Class<?> row;
    private final Class<?> filter;
    private BeanFactory beans = new DefaultListableBeanFactory();

    ViewFactory(Class<?> row, Class<?> filter) {
        this.row = row;
        this.filter = filter;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = beanFactory;
    }

    @Override
    @SuppressWarnings("unchecked") // the definition of the bean has both, the classes and the type
    public V getObject() {
        return (V) new Later<>(beans, row, filter);
    }

    @Override
    public Class<?> getObjectType() {
        return View.class;
    }

    private static final class Later<R, F> implements View<R, F> {

        private final BeanFactory beans;
        private final Class<R> row;
        private final Class<F> filter;
        private volatile @Nullable View<R, F> found;

        private Later(BeanFactory beans, Class<R> row, Class<F> filter) {
            this.beans = beans;
            this.row = row;
            this.filter = filter;
        }

        private View<R, F> view() {
            View<R, F> view = found;
            if (view == null) {
                view = beans.getBean(Compositions.class).view(row, filter);
                found = view;
            }
            return view;
        }

        @Override
        public Page<R> page(@Nullable F by, Keyset at, int limit) {
            return view().page(by, at, limit);
        }

        @Override
        public Page<R> compose(Collection<?> roots) {
            return view().compose(roots);
        }

        @Override
        public Plan plan() {
            return view().plan();
        }
    }
}
