package io.cospace.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.training.Golden;
import io.cospace.training.torch.Kind;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import io.cospace.training.torch.Tensors;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forward passes against the original libraries, from every spelling that checkpoints have. */
final class TowersTest {
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @CsvSource({
        "openai_torchscript.pt",
        "open_clip_custom_text.safetensors",
        "hf_vision/model.safetensors"
    })
    void clip_vision_reads_every_spelling(String file) {
        Path folder = Golden.exported("image/openai_vit");
        Golden.Fixture io = Golden.tensors(folder.resolve("io.safetensors"));
        Parameters weights = read(folder.resolve(file), ClipVision::owns);
        int heads = 2;
        Tensor pixels = io.get("pixel_values");
        Golden.assertClose(
                new ClipVision(weights, heads, Activation.QUICK_GELU).forward(pixels, true),
                io.get("features"),
                TOLERANCE);
        Golden.assertClose(
                new ClipVision(weights, heads, Activation.GELU).forward(pixels, true),
                io.get("features_gelu"),
                TOLERANCE);
    }

    @Test
    void lift_reads_the_mean_of_the_patches() {
        Path folder = Golden.exported("image/lift_vit");
        Golden.Fixture io = Golden.tensors(folder.resolve("io.safetensors"));
        Parameters weights = read(folder.resolve("lift_checkpoint.pt"), ClipVision::owns);
        Golden.assertClose(
                new ClipVision(weights, 2, Activation.GELU).forward(io.get("pixel_values"), false),
                io.get("features"),
                TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "g4_pt4, eva02_visual.pt, 4",
        "g4_pt4, open_clip_timm_trunk.safetensors, 4",
        "g6_pt4, eva_clip_original_qbias.safetensors, 4",
        "g8_pt16, eva02_visual.safetensors, 16"
    })
    void eva_reads_every_spelling_and_grid(String name, String file, int turns) {
        Path folder = Golden.exported("image/eva02").resolve(name);
        Golden.Fixture io = Golden.tensors(folder.resolve("io.safetensors"));
        Parameters weights = read(folder.resolve(file), EvaVision::owns);
        Golden.assertClose(
                new EvaVision(weights, 2, turns).forward(io.get("pixel_values"), false),
                io.get("features"),
                TOLERANCE);
    }

    @Test
    void efficientnet_lite_gives_the_pooled_features() {
        Path folder = Golden.exported("image/efficientnet_lite0");
        Golden.Fixture io = Golden.tensors(folder.resolve("io.safetensors"));
        Parameters weights = read(folder.resolve("model_fp16.safetensors"), EfficientNetLite::owns);
        EfficientNetLite tower =
                new EfficientNetLite(weights, EfficientNetLite.Border.SYMMETRIC, 1e-5);
        for (String size : new String[] {"", "_96"}) {
            Golden.assertClose(
                    tower.forward(io.get("pixel_values" + size), true),
                    io.get("features" + size),
                    5e-5);
        }
        assertThat(tower.trainable("blocks.0.0.bn1.running_var")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"llm2clip/LLM2CLIP_hf_model.safetensors", "proclip/ProCLIP_tiny_legacy.pt"})
    void adapter_reads_both_spellings(String file) {
        Path weights = Golden.exported("adapter").resolve(file);
        Golden.Fixture io = Golden.tensors(weights.resolveSibling("io.safetensors"));
        Parameters parameters = read(weights, TextProj::owns);
        Golden.assertClose(
                new TextProj(parameters, true, 0).forward(io.get("input"), false),
                io.get("output_l2norm_input"),
                TOLERANCE);
        Golden.assertClose(
                new TextProj(parameters, false, .5).forward(io.get("input"), false),
                io.get("output_raw_input"),
                TOLERANCE);
    }

    @Test
    void a_new_adapter_has_the_published_number_of_parameters() {
        // d = 4096 is too large for a test; the formula is checked at d = 64 and follows from the
        // shapes.
        assertThat(elements(TextProj.random(new TextProj.Sizes(64, 24, 4, 2))))
                .isEqualTo(16 * 64 * 64 + 20 * 64 + 2 * 64 + 24 * 64 + 24);
        assertThat(elements(TextProj.random(new TextProj.Sizes(64, 24, 1, 8))))
                .isEqualTo(16 * 64 * 64 + 11 * 64 + 2 * 64 + 24 * 64 + 24);
    }

    @Test
    void weights_are_written_back_as_they_came(@TempDir Path folder) {
        Path file = Golden.exported("image/openai_vit/open_clip_custom_text.safetensors");
        Parameters weights = read(file, ClipVision::owns);
        Path copy = folder.resolve("copy.safetensors");
        TensorFile.write(copy, weights.all(), Map.of());
        Golden.Fixture before = Golden.tensors(file);
        Golden.Fixture after = Golden.tensors(copy);
        assertThat(after.all().keySet()).allMatch(ClipVision::owns).hasSize(weights.all().size());
        after.all()
                .forEach((name, tensor) ->
                        assertThat(tensor.toFloats()).isEqualTo(before.get(name).toFloats()));
    }

    @Test
    void a_moving_average_follows_by_its_momentum() {
        Golden.Fixture golden = Golden.tensors(Golden.file("losses/ema.safetensors"));
        for (String momentum : new String[] {"0.0", "0.9", "0.999", "1.0"}) {
            Parameters teacher = new Parameters().add("t", golden.get("teacher0").copied());
            for (int step = 0; step < 3; step++) {
                teacher.average(
                        new Parameters().add("t", golden.get("student" + step)),
                        Double.parseDouble(momentum));
                Tensor expected = golden.get("m" + momentum + "_after" + step);
                assertThat(Golden.difference(teacher.get("t"), expected)).isLessThanOrEqualTo(1e-6);
            }
        }
        Parameters still = new Parameters().add("t", golden.get("teacher0").copied());
        still.average(new Parameters().add("t", golden.get("student0")), 1);
        assertThat(still.get("t").toFloats()).isEqualTo(golden.get("teacher0").toFloats());
        still.average(new Parameters().add("t", golden.get("student0")), 0);
        assertThat(still.get("t").toFloats()).isEqualTo(golden.get("student0").toFloats());
    }

    @Test
    void the_free_path_starts_at_the_class_path() {
        Parameters classPath =
                new Parameters()
                        .add("targets", Tensors.normal(5, 4))
                        .add("classifier.weight", Tensors.normal(5, 3))
                        .add("classifier.bias", Tensors.zeros(Kind.F32, 5));
        Parameters free =
                FeatureHead.withResidual(classPath, new float[6], new float[] {1, 1, 1, 1, 1, 1});
        Tensor features = Tensors.normal(2, 6);
        assertThat(new FeatureHead(free).forward(features, true).toFloats())
                .isEqualTo(new FeatureHead(classPath).forward(features, true).toFloats());
    }

    @Test
    void images_of_another_size_are_refused_by_their_size() {
        Parameters weights =
                read(
                        Golden.exported("image/openai_vit/open_clip_custom_text.safetensors"),
                        ClipVision::owns);
        ClipVision tower = new ClipVision(weights, 2, Activation.QUICK_GELU);
        assertThatThrownBy(() -> tower.forward(Tensors.zeros(Kind.F32, 1, 3, 8, 8), false))
                .hasMessageContaining("8 x 8");
    }

    private static Parameters read(Path file, Predicate<String> owned) {
        try (TensorSource source = Checkpoint.open(file)) {
            return Parameters.read(source, owned);
        }
    }

    private static long elements(Parameters parameters) {
        return parameters.all().values().stream().mapToLong(Tensor::elements).sum();
    }
}
