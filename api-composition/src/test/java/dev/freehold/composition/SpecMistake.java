package dev.freehold.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.provider.Arguments;

/**
 * What a spec has wrong.
 *
 * @param fact what it is
 * @param builder has it
 * @param what is said of it
 * @param fix what is said to do
 */
record SpecMistake(String fact, CompositionsBuilder builder, String what, String fix) {

    static Arguments of(String fact, CompositionsBuilder builder, String what, String fix) {
        return Arguments.of(new SpecMistake(fact, builder, what, fix));
    }

    /** Alone, and in words of specs. */
    void isRefused() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(builder::build)
                .satisfies(refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.where() + " " + problem.what()).contains(what);
                            assertThat(problem.fix()).contains(fix);
                            assertThat(problem.toString()).doesNotContain("@").doesNotContainPattern("\\w = [\"{\\d]");
                        }));
    }

    @Override
    public String toString() {
        return fact;
    }
}
