package io.cospace.training.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.training.Golden;
import io.cospace.training.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over pixels, from their file to the run folder. */
@Timeout(600)
final class PixelJobTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private static Path folder;
    private static TinyJob job;
    private static Path config;

    @BeforeAll
    static void write_job() throws IOException {
        job = TinyJob.in(folder);
        config = job.config();
    }

    @Test
    void a_killed_run_goes_on_to_the_same_bits() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(run("--config", config.toString(), "runs=" + whole)).isZero();

        Path broken = folder.resolve("broken");
        Path log = folder.resolve("child.log");
        Path mark = folder.resolve("reached");
        Process child =
                ChildJob.start(
                        log, "align 7/12", mark, "--config", config.toString(), "runs=" + broken);
        await(child, log, () -> Files.exists(mark));
        child.destroyForcibly().waitFor();
        Path run = broken.resolve("proclip-11-001");
        assertThat(steps(run)).isEqualTo(6);
        assertThat(run.resolve("run.json")).doesNotExist();

        assertThat(run("--resume", run.toString())).isZero();
        Path full = whole.resolve("proclip-11-001");
        Golden.Fixture expected = Golden.tensors(newest(full));
        Golden.Fixture resumed = Golden.tensors(newest(run));
        assertThat(resumed.all().keySet())
                .isEqualTo(expected.all().keySet())
                .anyMatch(name -> name.startsWith("teacher/visual."))
                .anyMatch(name -> name.startsWith("image/visual."));
        expected.all()
                .forEach((name, tensor) ->
                        assertThat(resumed.get(name).toFloats())
                                .as(name)
                                .isEqualTo(tensor.toFloats()));
        assertThat(rows(run)).isEqualTo(rows(full));
        assertThat(json(run).path("metrics")).isEqualTo(json(full).path("metrics"));
        assertThat(json(run).path("skipped_samples")).isEqualTo(json(full).path("skipped_samples"));
    }

    @Test
    void a_broken_picture_is_skipped_counted_and_listed() throws IOException {
        Path runs = folder.resolve("listed");
        assertThat(run("--config", config.toString(), "runs=" + runs, "inherit.steps=0")).isZero();
        Path run = runs.resolve("proclip-11-001");
        assertThat(json(run).path("skipped").asInt()).isEqualTo(1);
        assertThat(json(run).path("skipped_samples").get(0).asText()).contains("p005: ");
        assertThat(Files.readString(run.resolve("skipped.txt"))).contains("p005: ").hasLineCount(1);
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        assertThat(json(run).path("metrics").properties()).isNotEmpty();
    }

    @Test
    void the_tower_learns_or_keeps_its_bits() throws IOException {
        Golden.Fixture before = Golden.tensors(TinyJob.tower());
        Golden.Fixture tuned = Golden.tensors(trained("tuned", "align.image=tuned"));
        Golden.Fixture frozen = Golden.tensors(trained("frozen", "align.image=frozen"));
        String name = "visual.transformer.resblocks.0.mlp.c_fc.weight";
        assertThat(tuned.get("image/" + name).toFloats()).isNotEqualTo(before.get(name).toFloats());
        assertThat(frozen.get("image/" + name).toFloats()).isEqualTo(before.get(name).toFloats());
    }

    @Test
    void convolutions_are_tuned_behind_the_class_table() throws IOException {
        Path weights = TinyConvolutions.weights(folder.resolve("convolutions.safetensors"));
        Path classes = TinyConvolutions.classes(folder.resolve("classes.json"));
        Path runs = folder.resolve("convolutions");
        assertThat(
                        run(
                                "--config",
                                config.toString(),
                                "runs=" + runs,
                                "image.tower=efficientnet-lite",
                                "image.weights=" + weights,
                                "image.augmentation=drawing",
                                "teacher.bundle=",
                                "teacher.classes=" + classes,
                                "teacher.dimensions=8",
                                "align.steps=3"))
                .isZero();
        Golden.Fixture before = Golden.tensors(weights);
        Golden.Fixture after = Golden.tensors(newest(runs.resolve("proclip-11-001")));
        String stem = "conv_stem.weight";
        assertThat(after.get("image/" + stem).toFloats()).isNotEqualTo(before.get(stem).toFloats());
        // The teacher follows with its own convolutions; statistics and classifier stay.
        assertThat(after.get("teacher/" + stem).toFloats())
                .isNotEqualTo(before.get(stem).toFloats())
                .isNotEqualTo(after.get("image/" + stem).toFloats());
        for (String kept : List.of("bn1.running_mean", "classifier.weight")) {
            assertThat(after.get("image/" + kept).toFloats())
                    .isEqualTo(before.get(kept).toFloats());
        }
    }

    @Test
    void a_frozen_tower_over_unchanged_images_reads_kept_vectors() throws IOException {
        Path cache = folder.resolve("kept");
        String[] still = {"align.image=frozen", "image.augmentation=none", "cache.folder=" + cache};
        Golden.Fixture kept = Golden.tensors(trained("still", still));
        assertThat(kept.all().keySet()).noneMatch(name -> name.startsWith("image/"));
        try (var files = Files.list(cache)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("image-") && name.contains("-clip-"));
        }
        // Read again, the broken picture is known without being decoded.
        trained("again", still);
        assertThat(json(folder.resolve("again/llm2clip-11-001")).path("skipped").asInt())
                .isEqualTo(1);
    }

    @Test
    void a_smoke_run_does_all_stages() throws IOException {
        Path runs = folder.resolve("smoke");
        assertThat(run("--config", config.toString(), "--smoke", "runs=" + runs)).isZero();
        assertThat(runs.resolve("proclip-11-001/report.html")).isNotEmptyFile();
    }

    private Path trained(String name, String... changes) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--config",
                                config.toString(),
                                "runs=" + folder.resolve(name),
                                "recipe=llm2clip",
                                "align.steps=2"));
        arguments.addAll(Arrays.asList(changes));
        assertThat(run(arguments.toArray(String[]::new))).isZero();
        return newest(folder.resolve(name).resolve("llm2clip-11-001"));
    }

    private static int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("train"));
        all.addAll(Arrays.asList(arguments));
        StringWriter told = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(told))
                        .execute(all.toArray(String[]::new));
        assertThat(code).as(told.toString()).isZero();
        return code;
    }

    private static void await(Process child, Path log, java.util.function.BooleanSupplier condition)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(child.isAlive())
                    .as(() -> "exit code %d: %s".formatted(child.exitValue(), read(log)))
                    .isTrue();
            assertThat(System.nanoTime()).as(() -> read(log)).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Newest saved step of stage 2. */
    private static long steps(Path run) {
        if (!Files.isDirectory(run.resolve("checkpoints"))) {
            return 0;
        }
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("align-\\d+\\.safetensors"))
                    .mapToLong(name -> Long.parseLong(name.substring(6, 14)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newest(Path run) {
        return run.resolve("checkpoints/align-%08d.safetensors".formatted(steps(run)));
    }

    private static List<String> rows(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv"));
    }

    private static JsonNode json(Path run) throws IOException {
        return JsonMapper.builder().build().readTree(run.resolve("run.json").toFile());
    }
}
