package io.cospace.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.image.RgbImage;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.Main;
import io.cospace.training.data.PairIndex;
import io.cospace.training.data.Shapes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DatasetCommandTest {
    private static final int PICTURES = 60;

    @TempDir Path folder;
    private Path source = Path.of("");
    private final StringWriter told = new StringWriter();

    @BeforeEach
    void write_pictures() throws IOException {
        source = Files.createDirectory(folder.resolve("source"));
        for (int i = 0; i < PICTURES; i++) {
            // Each picture and one of half its size: near-duplicates that differ in every byte.
            picture("a%02d".formatted(i), Shapes.picture(i, 64));
            picture("b%02d".formatted(i), halved(Shapes.picture(i, 64)));
        }
    }

    private void picture(String name, RgbImage image) throws IOException {
        Files.write(source.resolve(name + ".png"), Shapes.png(image));
        Files.writeString(source.resolve(name + ".txt"), "picture " + name);
    }

    @Test
    void near_duplicates_stay_in_one_split_and_all_samples_are_there() {
        assertThat(run(source, "out")).isZero();
        Map<String, String> splits = new HashMap<>();
        Stream.of("train", "val", "test")
                .forEach(split ->
                        index("out", split)
                                .forEach(s ->
                                        splits.put(s.text("source_key").orElseThrow(), split)));
        assertThat(splits).hasSize(2 * PICTURES);
        assertThat(splits.values()).contains("train", "val", "test");
        for (int i = 0; i < PICTURES; i++) {
            assertThat(splits.get("a%02d".formatted(i)))
                    .isEqualTo(splits.get("b%02d".formatted(i)));
        }
        assertThat(told.toString()).contains("near-duplicates kept together, 0 skipped");
    }

    @Test
    void the_same_source_gives_the_same_bytes_and_another_seed_another_split() throws IOException {
        run(source, "one");
        run(source, "two");
        try (Stream<Path> files = Files.list(folder.resolve("one"))) {
            for (Path file : files.toList()) {
                Path other = folder.resolve("two").resolve(file.getFileName());
                assertThat(Files.mismatch(file, other)).isEqualTo(-1);
            }
        }
        run(source, "three", "--seed", "12");
        assertThat(Files.readString(folder.resolve("three/dataset.json")))
                .isNotEqualTo(Files.readString(folder.resolve("one/dataset.json")));
    }

    @Test
    void shards_are_cut_and_captions_keep_their_languages() throws IOException {
        Files.writeString(source.resolve("a00.de.txt"), "Bild\n");
        assertThat(run(source, "out", "--val", "0", "--test", "0", "--shard", "50")).isZero();
        assertThat(folder.resolve("out/train-00002.tar")).exists();
        assertThat(folder.resolve("out/train-00003.tar")).doesNotExist();
        PairIndex.Sample first = index("out", "train").getFirst();
        assertThat(first.captions())
                .containsExactlyInAnyOrder(Caption.of("picture a00"), new Caption("Bild", "de"));
        assertThat(Shapes.png(Shapes.picture(0, 64))).isEqualTo(first.image().read());
    }

    @Test
    void a_table_is_read_and_what_cannot_be_decoded_is_listed() throws IOException {
        byte[] cut = Arrays.copyOf(Shapes.png(Shapes.picture(1, 64)), 60);
        Files.write(source.resolve("cut.png"), cut);
        Path table =
                Files.writeString(
                        source.resolve("t.csv"),
                        "image,caption,lang\na00.png,a picture,en\na00.png,ein Bild,de\ncut.png,cut,en\n");
        assertThat(run(table, "out", "--val", "0", "--test", "0")).isZero();
        assertThat(index("out", "train").getFirst().captions())
                .containsExactly(new Caption("a picture", "en"), new Caption("ein Bild", "de"));
        assertThat(Files.readString(folder.resolve("out/dataset.json")))
                .contains("\"skipped\" : 1", "cut.png");
    }

    @Test
    void wrong_options_and_full_folders_are_refused() throws IOException {
        assertThat(run(source, "x", "--val", "0.6", "--test", "0.5")).isEqualTo(1);
        assertThat(told.toString()).contains("--val 0.6 and --test 0.5; shares are");
        assertThat(run(source, "x", "--alike", "65")).isEqualTo(1);
        assertThat(told.toString()).contains("--alike 65; they must be");
        Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("a"), "");
        assertThat(run(source, "full")).isEqualTo(1);
        assertThat(told.toString()).contains("is not empty; a data set is never written over");
        assertThat(run(folder.resolve("none"), "x")).isEqualTo(1);
    }

    @Test
    void copies_are_found_over_others_and_across_boxes() {
        // 8 and 9 lie in neighbouring boxes; 20 is reached over 14.
        List<Look> looks = List.of(look(8), look(40), look(14), look(20), look(9), look(255));
        assertThat(Copies.groups(looks, 8)).containsExactly(0, 1, 0, 0, 0, 5);
        assertThat(Copies.groups(looks, 0)).containsExactly(0, 1, 2, 3, 4, 5);
        int[] spot = look(8).colours();
        spot[100] = 60;
        assertThat(Copies.groups(List.of(look(8), new Look(spot)), 8)).containsExactly(0, 1);
    }

    private static Look look(int grey) {
        return new Look(IntStream.generate(() -> grey).limit(3L * Look.SIDE * Look.SIDE).toArray());
    }

    private List<PairIndex.Sample> index(String out, String split) {
        try (Stream<Path> files = Files.list(folder.resolve(out))) {
            List<Path> shards =
                    files.filter(f -> f.getFileName().toString().startsWith(split + "-"))
                            .sorted()
                            .toList();
            return PairIndex.read(shards, new SkippedSamples()).samples();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int run(Path from, String out, String... options) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(told, true));
        command.setErr(new PrintWriter(told, true));
        String[] all =
                Stream.concat(
                                Stream.of(
                                        "dataset",
                                        from.toString(),
                                        "--out",
                                        folder.resolve(out).toString()),
                                Stream.of(options))
                        .toArray(String[]::new);
        return command.execute(all);
    }

    /** Means of 2 x 2 pixels. */
    private static RgbImage halved(RgbImage image) {
        int side = image.width() / 2;
        byte[] rgb = new byte[side * side * 3];
        for (int i = 0; i < rgb.length; i++) {
            int at = (i / 3 / side * 2 * image.width() + i / 3 % side * 2) * 3 + i % 3;
            int down = at + image.width() * 3;
            byte[] from = image.rgb();
            int sum =
                    (from[at] & 0xff)
                            + (from[at + 3] & 0xff)
                            + (from[down] & 0xff)
                            + (from[down + 3] & 0xff);
            rgb[i] = (byte) (sum / 4);
        }
        return new RgbImage(side, side, rgb);
    }
}
