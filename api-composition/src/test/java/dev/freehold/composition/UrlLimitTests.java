package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

/** Calls whose keys have to fit into a URL. */
@Timeout(60)
class UrlLimitTests {

    record Product(String sku) {}

    static class InUrl {

        final List<Set<String>> asked = new ArrayList<>();

        @Source(name = "products", id = "sku", maxBatch = 1_000)
        synchronized List<Product> find(@RequestParam("sku") Set<String> skus) {
            asked.add(skus);
            return skus.stream().map(Product::new).toList();
        }
    }

    static class Declared {

        final List<Set<String>> asked = new ArrayList<>();

        @Source(name = "products", id = "sku", maxBatch = 1_000, maxUrlBytes = 200)
        synchronized List<Product> find(Set<String> keys) {
            asked.add(keys);
            return keys.stream().map(Product::new).toList();
        }
    }

    static class InBody {

        final List<Set<String>> asked = new ArrayList<>();

        @Source(name = "products", id = "sku", maxBatch = 1_000)
        synchronized List<Product> find(Set<String> keys) {
            asked.add(keys);
            return keys.stream().map(Product::new).toList();
        }
    }

    private static void find(Object source, List<String> skus) {
        try (Compositions compositions = Compositions.builder().sources(source).build()) {
            assertThat(compositions
                            .lookup("products", String.class, Product.class)
                            .find(skus))
                    .hasSize(skus.size())
                    .allSatisfy((sku, part) -> assertThat(part.optional()).contains(new Product(sku)));
        }
    }

    private static List<String> skus(int count) {
        return IntStream.range(0, count).mapToObj(i -> "größe/" + i + "&co").toList();
    }

    private static int length(Set<String> skus) {
        URI uri = UriComponentsBuilder.fromPath("/products")
                .queryParam("sku", "{sku}")
                .encode()
                .buildAndExpand("")
                .toUri();
        int head = uri.toString().length() - "sku=".length();
        return skus.stream()
                        .mapToInt(sku -> 1
                                + UriComponentsBuilder.newInstance()
                                        .queryParam("sku", "{sku}")
                                        .encode()
                                        .buildAndExpand(sku)
                                        .toUri()
                                        .getRawQuery()
                                        .length())
                        .sum()
                + head;
    }

    @Test
    void haveAsManyAsAServerTakes() {
        InUrl source = new InUrl();

        find(source, skus(1_000));

        assertThat(source.asked)
                .hasSizeGreaterThan(1)
                .allSatisfy(batch -> assertThat(length(batch)).isLessThan(6_100));
        assertThat(source.asked.stream().mapToInt(UrlLimitTests::length).max().orElseThrow())
                .as("bytes of the longest")
                .isGreaterThan(5_900);
    }

    @Test
    void haveOneKeyHoweverLongItIs() {
        Declared source = new Declared();
        String endless = "x".repeat(1_000);

        find(source, List.of("a", endless, "b"));

        assertThat(source.asked).containsExactlyInAnyOrder(Set.of("a"), Set.of(endless), Set.of("b"));
    }

    @Test
    void haveAllKeysThatAreNotInAUrl() {
        InBody source = new InBody();

        find(source, skus(1_000));

        assertThat(source.asked).hasSize(1);
    }
}
