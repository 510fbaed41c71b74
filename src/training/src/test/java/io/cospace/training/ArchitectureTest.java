package io.cospace.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the module: who may know whom, and what nobody uses. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.cospace.training");

    @Test
    void training_knows_neither_the_service_nor_a_framework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.cospace.service..",
                        "io.quarkus..",
                        "jakarta..",
                        "io.grpc..",
                        "io.micrometer..",
                        "ai.djl..")
                .check(CLASSES);
    }

    @Test
    void only_the_wrapper_knows_the_engine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cospace.training.torch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void the_wrapper_knows_no_model_and_no_command_line() {
        noClasses()
                .that()
                .resideInAPackage("io.cospace.training.torch..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "picocli..",
                        "io.cospace.training.model..",
                        "io.cospace.training.align..",
                        "io.cospace.training.data..",
                        "io.cospace.training.job..",
                        "io.cospace.encoder..",
                        "io.cospace.evaluate..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void only_the_encoder_runs_graphs_and_decodes_images() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..")
                .check(CLASSES);
    }

    @Test
    void only_the_ingredients_are_drawn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cospace.training.ingredients..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..", "com.github.weisj..")
                .check(CLASSES);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("io.cospace.training.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
