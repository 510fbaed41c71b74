package io.cospace.evaluate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses EVALUATE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.cospace.evaluate");

    @Test
    void knows_the_encoder_and_no_framework() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "io.cospace.export..",
                                "io.cospace.service..",
                                "io.quarkus..",
                                "jakarta..",
                                "io.micrometer..",
                                "ai.onnxruntime..",
                                "java.awt..",
                                "javax.imageio.."))
                .check(EVALUATE);
    }

    @Test
    void only_the_bench_is_a_client() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cospace.evaluate.bench..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.grpc..", "io.netty..", "java.net.http.."))
                .check(EVALUATE);
    }

    @Test
    void data_and_metrics_stand_alone() {
        classes()
                .that()
                .resideInAnyPackage("io.cospace.evaluate.metrics..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "java..", "org.jspecify..", "io.cospace.evaluate.metrics.."))
                .check(EVALUATE);
        noClasses()
                .that()
                .resideInAPackage("io.cospace.evaluate.data..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "io.cospace.encoder..",
                                "picocli..",
                                "io.cospace.evaluate.metrics.."))
                .check(EVALUATE);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("io.cospace.evaluate.(*)..").should().beFreeOfCycles().check(EVALUATE);
    }

    @Test
    void commands_print_through_their_own_writer() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.cospace.evaluate.Main")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(EVALUATE);
    }
}
