package io.cospace.service;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules between the packages of the service. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.cospace.service");

    private static final DescribedPredicate<JavaClass> FRAMEWORK =
            resideInAnyPackage(
                    "io.quarkus..",
                    "io.vertx..",
                    "io.netty..",
                    "io.smallrye..",
                    "io.micrometer..",
                    "io.grpc..",
                    "io.opentelemetry..",
                    "jakarta..",
                    "org.eclipse.microprofile..");

    @Test
    void embedding_knows_no_framework_and_no_transport() {
        noClasses()
                .that()
                .resideInAPackage("..service.embedding..")
                .should()
                .dependOnClassesThat(FRAMEWORK)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..service.rest..",
                        "..service.grpc..",
                        "..service.config..",
                        "..service.health..",
                        "..service.metrics..",
                        "..service.signals..")
                .check(CLASSES);
    }

    @Test
    void transports_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("..service.rest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..service.grpc..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..service.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..service.rest..")
                .check(CLASSES);
    }

    @Test
    void each_framework_stays_in_its_package() {
        onlyIn("io.cospace.service.(rest|fetch|grpc|outflow|signals)..", "io.vertx..");
        onlyIn("..service.outflow..", "io.netty..");
        onlyIn("..service.grpc..", "io.grpc..");
        onlyIn("..service.grpc..", "com.google..");
        onlyIn("..service.metrics..", "io.micrometer..");
        onlyIn("..service.signals..", "io.opentelemetry..");
        onlyIn("..service.health..", "org.eclipse.microprofile.health..");
        onlyIn("..service.config..", "io.smallrye.config..");
        onlyIn("nowhere", "ai.onnxruntime..");
        onlyIn("nowhere", "ai.djl..");
        onlyIn("nowhere", "jakarta.ws.rs..");
    }

    private static void onlyIn(String home, String framework) {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(home)))
                .should()
                .dependOnClassesThat(resideInAPackage(framework))
                .check(CLASSES);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("io.cospace.service.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.cospace.service.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cospace.service")
                .check(CLASSES);
    }

    @Test
    void service_knows_nothing_of_the_modules_that_make_bundles() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.cospace.evaluate..", "io.cospace.export..", "io.cospace.training..")
                .check(CLASSES);
    }

    @Test
    void nothing_prints_or_reads_the_wall_clock() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }
}
