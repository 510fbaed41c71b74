package io.cospace.export;

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
                    .importPackages("io.cospace.export");

    @Test
    void export_knows_neither_training_nor_the_service_nor_a_framework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.cospace.training..",
                        "io.cospace.service..",
                        "io.quarkus..",
                        "jakarta..",
                        "io.grpc..",
                        "io.micrometer..",
                        "org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void only_the_encoder_runs_graphs_and_decodes_images() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "java.awt..", "javax.imageio..")
                .check(CLASSES);
    }

    @Test
    void graphs_and_checkpoints_know_no_command_line() {
        noClasses()
                .that()
                .resideInAnyPackage("io.cospace.export.graph..", "io.cospace.export.checkpoint..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "io.cospace.evaluate..", "io.cospace.encoder..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void checkpoints_know_no_graphs() {
        noClasses()
                .that()
                .resideInAPackage("io.cospace.export.checkpoint..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cospace.export.graph..", "io.cospace.export.onnx..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("io.cospace.export.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nobody_reads_the_clock_or_prints_stack_traces() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }
}
