package dev.freehold.composition.autoconfigure;

import java.util.List;

/** The application's views, as they were found: where beans are processed ahead of time, that is long before they are used. */
final class ViewTypes {

    private final List<Class<?>> rows;

    ViewTypes(Class<?>[] rows) {
        this.rows = List.of(rows);
    }

    List<Class<?>> rows() {
        return rows;
    }
}
