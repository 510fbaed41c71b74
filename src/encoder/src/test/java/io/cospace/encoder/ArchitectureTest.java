package io.cospace.encoder;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.cospace.encoder.error.EncoderException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may know what in the encoder library. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.cospace.encoder");

    @Test
    void knows_no_framework_and_no_other_module() {
        check(
                classes()
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(
                                        "java..",
                                        "javax.imageio..",
                                        "org.jspecify..",
                                        "com.fasterxml.jackson..",
                                        "ai.onnxruntime..",
                                        "ai.djl.huggingface.tokenizers..",
                                        "com.twelvemonkeys..",
                                        "io.cospace.encoder..")));
    }

    @Test
    void only_one_package_knows_onnx_runtime() {
        onlyIn("io.cospace.encoder.onnx", "ai.onnxruntime..");
    }

    @Test
    void only_one_package_knows_images() {
        onlyIn("io.cospace.encoder.image", "java.awt..", "javax.imageio..", "com.twelvemonkeys..");
    }

    @Test
    void only_one_package_knows_the_tokenizer_library() {
        onlyIn("io.cospace.encoder.text", "ai.djl..");
    }

    @Test
    void nothing_public_shows_onnx_runtime_or_the_tokenizer_library() {
        check(
                noClasses()
                        .that()
                        .arePublic()
                        .should(
                                have(
                                        DescribedPredicate.describe(
                                                "a public member of a native library's type",
                                                ArchitectureTest::showsLibrary))));
    }

    @Test
    void packages_have_no_cycles() {
        check(slices().assignedFrom(packages()).should().beFreeOfCycles());
    }

    @Test
    void nothing_writes_to_the_standard_streams_or_reads_the_clock() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
        check(noClasses().should().callMethod(System.class, "currentTimeMillis"));
        check(noClasses().should().callMethod(Throwable.class, "printStackTrace"));
    }

    @Test
    void errors_are_one_sealed_family() {
        check(
                classes()
                        .that()
                        .areAssignableTo(Throwable.class)
                        .should()
                        .beAssignableTo(EncoderException.class));
    }

    private static void onlyIn(String home, String... packages) {
        check(
                noClasses()
                        .that(resideOutsideOfPackage(home))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(packages)));
    }

    private static boolean showsLibrary(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(method ->
                        Stream.concat(
                                Stream.of(method.getRawReturnType()),
                                method.getRawParameterTypes().stream()))
                .anyMatch(shown -> shown.getPackageName().startsWith("ai."));
    }

    /** Each package is a slice, the root one too. */
    private static SliceAssignment packages() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
