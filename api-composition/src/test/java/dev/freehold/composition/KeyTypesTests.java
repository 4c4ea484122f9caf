package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is a key, and what is only hidden in one. */
@SuppressWarnings("unused") // what is declared here is never called
class KeyTypesTests {

    private static final String FIX = "Use a type with one form for each value";

    private static void accepts(Object source) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> Compositions.builder().sources(source).build().close());
    }

    private static void refuses(Object source, String what) {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> Compositions.builder().sources(source).build())
                .satisfies(refused -> assertThat(refused.problems()).hasSize(1))
                .withMessageContaining(what)
                .withMessageContaining(FIX);
    }

    @SuppressWarnings("ArrayRecordComponent") // that is what it is about
    record Digest(String name, byte[] bytes) {}

    @Test
    void areNoRecordsOfArrays() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Digest, String> find(Set<Digest> keys) {
                        return Map.of();
                    }
                },
                "Its keys are arrays, which are equal only if they are the same array (Digest.bytes)");
    }

    record Price(String currency, BigDecimal amount) {}

    @Test
    void areNoRecordsOfDecimals() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Price, String> find(Set<Price> keys) {
                        return Map.of();
                    }
                },
                "whose 1.0 and 1.00 are different keys (Price.amount)");
    }

    record Point(double x, double y) {}

    record Place(String name, Point point) {}

    @Test
    void areNoRecordsOfRecordsOfFloatingPointNumbers() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Place, String> find(Set<Place> keys) {
                        return Map.of();
                    }
                },
                "Its keys are floating-point numbers, which are equal by chance (Point.x) (Place.point)");
    }

    record Versioned<T>(T id, int version) {}

    @Test
    void areNoRecordsOfWhatIsNoKeyByTheirArgument() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Versioned<Double>, String> find(Set<Versioned<Double>> keys) {
                        return Map.of();
                    }
                },
                "Its keys are floating-point numbers, which are equal by chance (Versioned.id)");
        accepts(new Object() {
            @Source(name = "s")
            Map<Versioned<Long>, String> find(Set<Versioned<Long>> keys) {
                return Map.of();
            }
        });
    }

    @Test
    void areNotJustAnything() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Serializable, String> find(Set<Serializable> keys) {
                        return Map.of();
                    }
                },
                "Its keys are Serializable, which may be anything");
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // that is what it is about
    void areNoDates() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Date, String> find(Set<Date> keys) {
                        return Map.of();
                    }
                },
                "Its keys are of Date, whose subclasses for databases are equal one way only");
    }

    record Folder(String name, @Nullable Folder within) {}

    @Test
    void mayBeRecordsThatContainThemselves() {
        accepts(new Object() {
            @Source(name = "s")
            Map<Folder, String> find(Set<Folder> keys) {
                return Map.of();
            }
        });
    }

    record Shelf(String name, @Nullable Box within, double width) {}

    record Box(String name, Shelf on) {}

    @Test
    void areNoRecordsThatContainThemselvesAndWhatIsNoKey() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Box, String> find(Set<Box> keys) {
                        return Map.of();
                    }
                },
                "Its keys are floating-point numbers, which are equal by chance (Shelf.width) (Box.on)");
    }

    record Pair<T>(T left, T right) {}

    @Test
    void areNoRecordsWhoseArgumentIsNoKey() {
        refuses(
                new Object() {
                    @Source(name = "s")
                    Map<Pair<Pair<Double>>, String> find(Set<Pair<Pair<Double>>> keys) {
                        return Map.of();
                    }
                },
                "Its keys are floating-point numbers, which are equal by chance (Pair.left) (Pair.left)");
    }

    record Growing<T>(T value, @Nullable Growing<Pair<T>> next) {}

    @Test
    void mayBeRecordsThatGrowWithoutEnd() {
        accepts(new Object() {
            @Source(name = "s")
            Map<Growing<Long>, String> find(Set<Growing<Long>> keys) {
                return Map.of();
            }
        });
    }
}
