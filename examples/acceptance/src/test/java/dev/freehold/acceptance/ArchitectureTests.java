package dev.freehold.acceptance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** Who may know whom, in all four jars. */
class ArchitectureTests {

    private static final JavaClasses FREEHOLD = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(
                    "dev.freehold.outbox",
                    "dev.freehold.inbox",
                    "dev.freehold.composition",
                    "dev.freehold.saga",
                    "dev.freehold.replica");

    @Test
    void looksAtTheModules() {
        assertThat(FREEHOLD.contain("dev.freehold.outbox.Outbox")).isTrue();
        assertThat(FREEHOLD.size()).isGreaterThan(50);
    }

    @Test
    void nothingDependsOnAutoConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.freehold..autoconfigure..")
                .check(FREEHOLD);
    }

    @Test
    void onlyTheKafkaPackageAndItsAutoConfigurationKnowKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.freehold.outbox.kafka..", "dev.freehold.outbox.autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
                .check(FREEHOLD);
    }

    @Test
    void onlyTheResiliencePackageKnowsResilience4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.freehold.composition.resilience..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j..")
                .check(FREEHOLD);
    }

    @Test
    void apiCompositionStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.freehold.composition..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.freehold..").and(not(resideInAPackage("dev.freehold.composition.."))))
                .allowEmptyShould(true)
                .check(FREEHOLD);
    }

    @Test
    void theOutboxKnowsNoneOfTheModulesOnTopOfIt() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.freehold.outbox..", "dev.freehold.inbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.freehold.saga..", "dev.freehold.replica..", "dev.freehold.composition..")
                .check(FREEHOLD);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.freehold.(**)").should().beFreeOfCycles().check(FREEHOLD);
    }

    @Test
    void autoConfigurationsArePublicFinalAndWithoutPublicMethods() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(FREEHOLD);
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .notBePublic()
                .check(FREEHOLD);
    }

    @Test
    void timeOfDayComesFromAClock() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(FREEHOLD);
    }

    /** It is shared by all of the process, so who waits in it keeps others from going on; and it knows nothing of who asked. */
    @Test
    void nobodyUsesTheCommonPool() {
        noClasses().should().accessTargetWhere(isOnTheCommonPool()).check(FREEHOLD);
    }

    private static DescribedPredicate<JavaAccess<?>> isOnTheCommonPool() {
        return DescribedPredicate.describe("work is done in the common pool", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getName();
            return isAsync(owner, name) && !hasExecutor(access)
                    || owner.isAssignableTo(Collection.class) && name.equals("parallelStream")
                    || owner.isAssignableTo(BaseStream.class) && name.equals("parallel")
                    || owner.isAssignableTo(ForkJoinPool.class) && name.equals("commonPool");
        });
    }

    private static boolean isAsync(JavaClass owner, String name) {
        return owner.isAssignableTo(CompletionStage.class)
                && (name.endsWith("Async") || name.equals("delayedExecutor"));
    }

    private static boolean hasExecutor(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget called
                && called.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(Executor.class));
    }

    /** Before Java 24 a virtual thread that waits in such a block keeps its carrier from all others. */
    @Test
    void apiCompositionNeverWaitsInSynchronizedBlocks() throws IOException {
        Path main = Path.of("..", "..", "api-composition", "src", "main", "java");
        try (Stream<Path> files = Files.walk(main)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();

            assertThat(sources)
                    .hasSizeGreaterThan(50)
                    .allSatisfy(
                            file -> assertThat(code(file)).as("%s", file).doesNotContainPattern("\\bsynchronized\\b"));
        }
    }

    private static String code(Path file) throws IOException {
        return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    }
}
