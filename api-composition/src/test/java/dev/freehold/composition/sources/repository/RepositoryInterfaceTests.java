package dev.freehold.composition.sources.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.ComposedView;
import dev.freehold.composition.Keyset;
import dev.freehold.composition.One;
import dev.freehold.composition.Page;
import dev.freehold.composition.Part;
import dev.freehold.composition.Root;
import dev.freehold.composition.RootSource;
import dev.freehold.composition.Source;
import dev.freehold.composition.View;
import dev.freehold.composition.autoconfigure.CompositionAutoConfiguration;
import dev.freehold.composition.sources.jpa.Shop;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.Repository;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** A repository whose methods are sources: nothing of the application's is in between. */
@SpringJUnitConfig(RepositoryInterfaceTests.Service.class)
@Timeout(120)
class RepositoryInterfaceTests {

    @Configuration(proxyBeanMethods = false)
    @Import(Shop.class)
    @AutoConfigurationPackage
    @ImportAutoConfiguration(CompositionAutoConfiguration.class)
    @EnableJpaRepositories(considerNestedRepositories = true)
    static class Service {}

    @Entity
    static class Item {

        @Id
        private long id;

        private String name = "";

        private @Nullable Long parentId;

        protected Item() {}

        Item(long id, @Nullable Long parentId) {
            this.id = id;
            this.name = "item " + id;
            this.parentId = parentId;
        }

        public long getId() {
            return id;
        }

        public String getName() {
            return name;
        }

        public @Nullable Long getParentId() {
            return parentId;
        }
    }

    record Name(long id, String name) {}

    interface Items extends Repository<Item, Long> {

        List<Item> findByIdGreaterThanOrderById(long after, Limit limit);

        @RootSource(name = "items", sort = "id")
        default List<Item> page(Keyset at, int limit) {
            return findByIdGreaterThanOrderById(at.isStart() ? 0 : at.get(0, Long.class), Limit.of(limit));
        }

        @Source(name = "parents", id = "id")
        List<Item> findByIdIn(Collection<Long> ids);

        @Source(name = "names", id = "id")
        List<Name> findNamesByIdIn(Set<Long> ids);

        @Source(name = "one")
        Optional<Item> findById(long id);

        void saveAll(Iterable<Item> items);
    }

    @ComposedView(root = "items", budget = "30s")
    record ItemRow(
            @Root Item item,
            @One(source = "parents", key = "item.parentId") Part<Item> parent,
            @One(source = "names", key = "item.parentId") Part<Name> name,
            @One(source = "one", key = "item.parentId") Part<Item> one) {}

    @Test
    void answersLikeAnyOtherBean(@Autowired Items items, @Autowired View<ItemRow, Void> view) {
        items.saveAll(List.of(new Item(1, null), new Item(2, 1L), new Item(3, 8L), new Item(4, 2L)));

        Page<ItemRow> page = view.page(null, Keyset.after(1L), 2);

        assertThat(page.rows()).extracting(row -> row.item().getId()).containsExactly(2L, 3L);
        ItemRow first = page.rows().get(0);
        assertThat(first.parent().optional()).map(Item::getName).contains("item 1");
        assertThat(first.name().optional()).contains(new Name(1, "item 1"));
        assertThat(first.one().optional()).map(Item::getName).contains("item 1");
        ItemRow second = page.rows().get(1);
        assertThat(second.parent()).isEqualTo(new Part.Absent<>(8L));
        assertThat(second.one()).isEqualTo(new Part.Absent<>(8L));
        assertThat(page.next()).isEqualTo(Keyset.after(3L));
    }
}
