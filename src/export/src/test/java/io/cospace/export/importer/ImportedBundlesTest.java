package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundles under {@code src/test/resources/imported}, which the service's tests serve, are what
 * the importer makes today. With {@code -Dcospace.imported=write} they are written anew instead.
 */
final class ImportedBundlesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("cospace.root"), "src/export/src/test/resources/imported");

    /** Hold measurements, whose last digits depend on the processor, or the state of this code. */
    private static final Set<String> MEASURED =
            Set.of("manifest.json", "self-test.json", "run.json");

    @TempDir private Path folder;
    private ImportHarness harness = new ImportHarness(Path.of(""));

    @BeforeEach
    void prepare() {
        harness = new ImportHarness(folder);
    }

    @Test
    void a_hugging_face_clip_folder() throws IOException {
        assertImported("clip", harness.clipFolder());
    }

    @Test
    void an_llm2clip_vision_tower_with_its_adapter_and_llama() throws IOException {
        assertImported("llm2clip", harness.visionFolder(), harness.llamaFolder());
    }

    @Test
    void a_siglip_2_tower_with_an_adapter_and_qwen3() throws IOException {
        Path siglip = ImportHarness.GOLDEN.resolve("image/siglip2/hf_siglip");
        Path adapter = folder.resolve("adapter.safetensors");
        ImportHarness.writeAdapter(adapter, 64, 144);
        assertImported("siglip2-qwen3", siglip, adapter, harness.qwenFolder());
    }

    private void assertImported(String name, Path... sources) throws IOException {
        Path made = folder.resolve("models").resolve(name).resolve("1");
        Path kept = FOLDER.resolve(name).resolve("1");
        List<String> command = new ArrayList<>(List.of("import"));
        Arrays.stream(sources).map(Path::toString).forEach(command::add);
        command.addAll(List.of("--precision", "fp32", "--out", made.toString()));
        assertThat(harness.run(command.toArray(String[]::new))).as(harness.told()).isZero();
        if ("write".equals(System.getProperty("cospace.imported"))) {
            write(made, kept);
        }
        assertThat(names(made)).isEqualTo(names(kept));
        for (String file : names(made)) {
            if (!MEASURED.contains(file)) {
                assertThat(made.resolve(file)).as(file).hasSameBinaryContentAs(kept.resolve(file));
            }
        }
        assertThat(manifest(made)).isEqualTo(manifest(kept));
    }

    private static void write(Path made, Path kept) throws IOException {
        Files.createDirectories(kept);
        for (String file : names(kept)) {
            Files.delete(kept.resolve(file));
        }
        for (String file : names(made)) {
            Files.copy(made.resolve(file), kept.resolve(file));
        }
    }

    private static Set<String> names(Path bundle) throws IOException {
        try (Stream<Path> files = Files.list(bundle)) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private static ObjectNode manifest(Path bundle) {
        return ((ObjectNode) JsonFile.read(bundle.resolve("manifest.json")))
                .without(List.of("calibration", "files", "created"));
    }
}
