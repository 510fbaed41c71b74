package io.cospace.training.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.training.Golden;
import io.cospace.training.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a job over pixels is said before its first step. */
@Timeout(300)
final class PixelErrorsTest {
    @TempDir private static Path folder;
    private static Path config;

    @BeforeAll
    static void write_job() throws IOException {
        config = TinyJob.in(folder).config();
    }

    @Test
    void keys_and_values_are_named_with_what_is_allowed() {
        assertRefused(
                "image.tower is 'resnet'; it must be one of [features, efficientnet-lite, clip, eva02]",
                "image.tower=resnet");
        assertRefused("image.workers is 65; it must be 0..64", "image.workers=65");
        assertRefused(
                "image.activation is 'relu'; it must be one of [quick_gelu, gelu]",
                "image.activation=relu");
        assertRefused("align.layer_decay is 0.0; it must be 0.01..1.0", "align.layer_decay=0.0");
        assertRefused("align.micro_batch is -1; it must be 0..65536", "align.micro_batch=-1");
        assertRefused("save_every is 0; it must be 1..1000000", "save_every=0");
        assertRefused("image.weights: none.pt: no such file or folder", "image.weights=none.pt");
        assertRefused("unknown key image.towers; known here: [tower, weights,", "image.towers=1");
    }

    @Test
    void keys_that_do_not_go_together_are_named() {
        assertRefused(
                "recipe is 'two-path' and image.tower 'clip'; two paths share one frozen tower",
                "recipe=two-path");
        assertRefused(
                "teacher.bundle is empty; with image.tower 'clip' stage 1 inherits from a bundle's text tower",
                "teacher.bundle=");
        assertRefused("teacher.classes is empty", "image.tower=efficientnet-lite");
    }

    @Test
    void a_file_without_such_a_tower_says_what_it_holds() throws IOException {
        assertRefused(
                "image.tower is 'clip'; %s holds EVA-02 vision transformer".formatted(eva()),
                "image.weights=" + eva());
        assertRefused(
                "image.tower is 'eva02'; %s holds CLIP vision transformer"
                        .formatted(TinyJob.tower()),
                "image.tower=eva02");
        Path classes = Files.writeString(folder.resolve("classes.json"), "[]");
        assertRefused(
                "image.tower is 'efficientnet-lite'; %s has no tensor conv_stem.weight"
                        .formatted(TinyJob.tower()),
                "image.tower=efficientnet-lite",
                "teacher.classes=" + classes);
        Path text = Files.writeString(folder.resolve("weights.safetensors"), "no weights");
        assertRefused("weights.safetensors", "image.weights=" + text);
    }

    @Test
    void a_tensor_of_a_wrong_shape_is_found_before_the_first_step() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        Golden.tensors(TinyJob.tower())
                .all()
                .forEach((name, tensor) -> {
                    if (name.endsWith("resblocks.1.mlp.c_fc.bias")) {
                        writer.add(name, new float[7], 7);
                    } else {
                        writer.add(name, tensor.toFloats(), tensor.shape());
                    }
                });
        Path file = folder.resolve("wrong.safetensors");
        writer.write(file);
        assertRefused(
                "image.weights: %s does not run as 'clip': ".formatted(file),
                "image.weights=" + file);
    }

    @Test
    void data_that_do_not_fit_are_named() throws IOException {
        assertRefused(
                "align.batch is 25; the data have 24 usable training pairs", "align.batch=25");
        assertRefused(
                "recipe 'lift' leaves text vectors as they are: they have 64 values, the image tower's 40",
                "recipe=lift");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused("hold no usable pair", "data.train=" + empty);
    }

    private static Path eva() {
        return Golden.exported("image/eva02/g8_pt16/eva02_visual.safetensors");
    }

    private static void assertRefused(String message, String... changes) {
        List<String> all = new ArrayList<>(List.of("train", "--config", config.toString()));
        all.addAll(List.of(changes));
        Path runs = folder.resolve("refused");
        all.add("runs=" + runs);
        StringWriter told = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(told))
                        .execute(all.toArray(String[]::new));
        assertThat(told.toString()).contains(message);
        assertThat(code).isEqualTo(1);
        // No step was run, in whatever folder.
        assertThat(told.toString()).doesNotContain(" 1/");
    }
}
