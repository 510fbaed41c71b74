package io.cospace.training.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.training.Golden;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.ProcessGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a long run safe: pieces, processes, crashes and numbers that are none. */
final class TrainerTest {
    private final GoldenRun golden = new GoldenRun();

    @TempDir Path folder;

    @Test
    void a_batch_in_pieces_trains_as_a_whole_one() {
        Stage whole = golden.align("proclip_ema_mean");
        Stage pieces =
                new Stage(
                        whole.name(),
                        whole.rates(),
                        whole.terms(),
                        whole.teaching(),
                        whole.optimiser().memory(3, false));
        List<StepReport> expected = run(whole, Optional.empty());
        List<StepReport> actual = run(pieces, Optional.empty());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).loss()).isCloseTo(expected.get(i).loss(), within(1e-5));
            assertThat(actual.get(i).gradientLength())
                    .isCloseTo(expected.get(i).gradientLength(), within(1e-4));
        }
    }

    @Test
    void dropout_in_pieces_draws_the_same_numbers_twice() {
        Stage stage = ChildTraining.stage(golden);
        Stage pieces =
                new Stage(
                        "golden",
                        stage.rates(),
                        stage.terms(),
                        stage.teaching(),
                        stage.optimiser().memory(8, false));
        // Pieces as large as the batch: the second pass must see what the first saw.
        assertThat(run(pieces, Optional.empty(), .1).getLast().loss())
                .isCloseTo(run(stage, Optional.empty(), .1).getLast().loss(), within(1e-5));
    }

    @Test
    void two_processes_train_as_one_with_the_whole_batch() throws Exception {
        List<StepReport> alone = run(golden.align("proclip_ema_mean"), Optional.empty());
        int port = freePort();
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            processes.add(child("distributed", "" + rank, "" + port));
        }
        for (Process process : processes) {
            String output = output(process);
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            List<String> lines = output.lines().filter(line -> line.startsWith("step ")).toList();
            assertThat(lines).as(output).hasSize(alone.size());
            for (int i = 0; i < lines.size(); i++) {
                List<String> words = List.of(lines.get(i).split(" ", -1));
                assertThat(Double.parseDouble(words.get(2)))
                        .isCloseTo(alone.get(i).loss(), within(1e-5));
                assertThat(Double.parseDouble(words.get(3)))
                        .isCloseTo(alone.get(i).gradientLength(), within(1e-4));
            }
        }
    }

    @Test
    void a_killed_process_goes_on_to_the_same_bits() throws Exception {
        Path straight = Files.createDirectory(folder.resolve("straight"));
        assertThat(child("train", straight.toString()).waitFor()).isZero();
        Path killed = Files.createDirectory(folder.resolve("killed"));
        Process victim = child("slow", killed.toString());
        while (victim.isAlive() && steps(killed) < 3) {
            Thread.sleep(5);
        }
        assertThat(victim.isAlive()).as("killed before the end").isTrue();
        // SIGKILL: no shutdown hook, no finally.
        victim.destroyForcibly().waitFor();
        long reached = steps(killed);
        assertThat(reached).isBetween(3L, 19L);
        Files.writeString(killed.resolve(".child-00000099.safetensors.part"), "half a file");

        Process rest = child("train", killed.toString());
        String output = output(rest);
        assertThat(rest.waitFor()).isZero();
        assertThat(output).contains("resumed at " + reached);
        String last = "child-00000020.safetensors";
        assertThat(Files.mismatch(straight.resolve(last), killed.resolve(last))).isEqualTo(-1);
    }

    @Test
    void a_saved_step_of_another_configuration_is_refused() {
        Checkpoints checkpoints = new Checkpoints(folder, 1);
        run(golden.align("proclip_code"), Optional.of(checkpoints));
        Stage other = golden.align("proclip_ema_mean");
        assertThatThrownBy(() -> run(other, Optional.of(checkpoints)))
                .hasMessageContaining("another configuration");
    }

    @Test
    void only_the_newest_two_steps_are_kept() throws IOException {
        run(golden.align("proclip_code"), Optional.of(new Checkpoints(folder, 1)));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "golden-00000004.safetensors", "golden-00000005.safetensors");
        }
    }

    @Test
    void a_loss_that_is_no_number_stops_with_the_evidence_and_the_weights_before() {
        AlignedModel model = GoldenRun.model(golden.vision(), golden.adapter("proclip"));
        Parameters before = model.text().parameters().copied();
        Batches good = golden.batches(golden.mixedText(), 0, 1);
        Batches bad =
                step -> {
                    Batch batch = good.batch(step);
                    ((Batch.Floats) batch.input(Side.TEXT)).values()[5] = Float.NaN;
                    return batch;
                };
        Trainer trainer =
                new Trainer(
                        model,
                        golden.align("proclip_code"),
                        bad,
                        ProcessGroup.alone(),
                        Optional.of(new Checkpoints(folder, 1)));
        assertThatThrownBy(() -> trainer.run(report -> {}))
                .isInstanceOfSatisfying(
                        DivergedException.class,
                        failure -> {
                            Golden.Fixture evidence = Golden.tensors(failure.evidence());
                            assertThat(evidence.get("input/text").toFloats()[5]).isNaN();
                            assertThat(evidence.get("input/image").size(0)).isEqualTo(8);
                        })
                .hasMessageContaining("step 0");
        before.all()
                .forEach((name, tensor) ->
                        assertThat(model.text().parameters().get(name).toFloats())
                                .isEqualTo(tensor.toFloats()));
    }

    @Test
    void a_batch_without_what_a_loss_needs_is_named() {
        AlignedModel model = GoldenRun.model(golden.vision(), golden.adapter("proclip"));
        Trainer trainer =
                new Trainer(
                        model,
                        golden.inherit("proclip_code"),
                        golden.batches(golden.mixedText(), 0, 1),
                        ProcessGroup.alone(),
                        Optional.empty());
        assertThatThrownBy(trainer::step).hasMessageContaining("SECOND_TEXT");
    }

    @Test
    void layers_and_decay_follow_the_names() {
        assertThat(ParameterGroups.layer("visual.conv1.weight", 2)).isEqualTo(0);
        assertThat(ParameterGroups.layer("visual.transformer.resblocks.1.ln_1.weight", 2))
                .isEqualTo(2);
        assertThat(ParameterGroups.layer("visual.class_embedding", 2)).isEqualTo(3);
        assertThat(ParameterGroups.layer("visual.ln_pre.weight", 2)).isEqualTo(3);
        assertThat(ParameterGroups.layer("vision_model.encoder.layers.0.mlp.fc1.weight", 2))
                .isEqualTo(1);
        // EfficientNet: stem, stages, head; a block has a bn1 too.
        assertThat(ParameterGroups.layer("conv_stem.weight", 7)).isEqualTo(0);
        assertThat(ParameterGroups.layer("bn1.bias", 7)).isEqualTo(0);
        assertThat(ParameterGroups.layer("blocks.6.0.bn1.weight", 7)).isEqualTo(7);
        assertThat(ParameterGroups.layer("conv_head.weight", 7)).isEqualTo(8);
        assertThat(ParameterGroups.layer("targets", 7)).isEqualTo(8);
    }

    @Test
    void a_frozen_part_keeps_its_bits() {
        AlignedModel model = GoldenRun.model(golden.vision(), golden.adapter("proclip"));
        Parameters before = model.image().parameters().copied();
        Map<Part, Double> rates = new EnumMap<>(Part.class);
        rates.put(Part.TEXT, 1e-3);
        Stage align = golden.align("proclip_code");
        Stage stage =
                new Stage("frozen", rates, align.terms(), align.teaching(), align.optimiser());
        new Trainer(
                        model,
                        stage,
                        golden.batches(golden.mixedText(), 0, 1),
                        ProcessGroup.alone(),
                        Optional.empty())
                .run(report -> {});
        before.all()
                .forEach((name, tensor) ->
                        assertThat(model.image().parameters().get(name).toFloats())
                                .isEqualTo(tensor.toFloats()));
    }

    private List<StepReport> run(Stage stage, Optional<Checkpoints> checkpoints) {
        return run(stage, checkpoints, 0);
    }

    private List<StepReport> run(Stage stage, Optional<Checkpoints> checkpoints, double dropout) {
        List<StepReport> reports = new ArrayList<>();
        new Trainer(
                        GoldenRun.model(
                                golden.vision(),
                                new TextProj(
                                        golden.initial("proclip/", TextProj::owns), true, dropout)),
                        stage,
                        golden.batches(golden.mixedText(), 0, 1),
                        ProcessGroup.alone(),
                        checkpoints)
                .run(reports::add);
        return reports;
    }

    private static long steps(Path run) {
        try (var files = Files.list(run)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("child-\\d+\\.safetensors"))
                    .mapToLong(name -> Long.parseLong(name.substring(6, 14)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A JVM of its own, in which sun.misc.Unsafe is forbidden: training does without. */
    private static Process child(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=deny",
                                "-Xmx512m",
                                "-Dcospace.root=" + System.getProperty("cospace.root"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildTraining.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
