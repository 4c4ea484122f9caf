package dev.freehold.acceptance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
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
}
