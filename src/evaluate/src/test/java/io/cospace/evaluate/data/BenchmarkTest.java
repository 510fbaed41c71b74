package io.cospace.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks in the layouts of their publishers, a few samples each, written by hand. */
class BenchmarkTest {
    private static final byte[] IMAGE = {1, 2, 3};

    @TempDir Path folder;
    private final SkippedSamples skipped = new SkippedSamples();

    @Test
    void coco_reads_the_split_with_five_captions_an_image() throws IOException {
        write("val2014/COCO_val2014_000000391895.jpg", IMAGE);
        write(
                "dataset_coco.json",
                """
                {"dataset": "coco", "images": [
                  {"filepath": "val2014", "sentids": [1], "filename": "COCO_val2014_000000391895.jpg",
                   "imgid": 0, "split": "test", "cocoid": 391895, "sentences": [
                     {"tokens": ["a"], "raw": "A man on a bike. ", "imgid": 0, "sentid": 1},
                     {"raw": "2"}, {"raw": "3"}, {"raw": "4"}, {"raw": "5"}, {"raw": "6"}]},
                  {"filepath": "val2014", "filename": "gone.jpg", "split": "test",
                   "sentences": [{"raw": "x"}]},
                  {"filepath": "train2014", "filename": "t.jpg", "split": "restval",
                   "sentences": [{"raw": "y"}]}]}
                """);
        Benchmark coco = open("coco");
        assertThat(coco.name()).isEqualTo("coco:test");
        assertThat(coco.files()).containsExactly(folder.resolve("dataset_coco.json"));
        Pair pair = read(coco).getFirst();
        assertThat(pair.captions()).hasSize(5).contains(new Caption("A man on a bike.", "en"));
        assertThat(pair.image()).isEqualTo(IMAGE);
        assertThat(skipped.listed())
                .singleElement()
                .asString()
                .contains("gone.jpg: cannot be read");
        assertThat(read(open("coco", options("test", 6))).getFirst().captions()).hasSize(6);
        assertThatThrownBy(() -> open("coco", options("minival", 0)))
                .hasMessageEndingWith("no image in split 'minival'; it has [restval, test]");
    }

    @Test
    void a_folder_without_the_images_is_one_error() throws IOException {
        write(
                "dataset_coco.json",
                """
                {"images": [{"filename": "a.jpg", "split": "test", "sentences": [{"raw": "a"}]}]}
                """);
        assertThatThrownBy(() -> read(open("coco")))
                .hasMessageContaining("none of the first 1 images is there, such as")
                .hasMessageContaining("a.jpg");
        write("dataset_coco.json", "{\"images\": [");
        assertThatThrownBy(() -> open("coco"))
                .hasMessageContaining("dataset_coco.json: is no JSON");
        write("dataset_coco.json", "{}");
        assertThatThrownBy(() -> open("coco")).hasMessageContaining("no list 'images'");
    }

    @Test
    void flickr30k_reads_the_token_file_with_a_list_of_names() throws IOException {
        write("flickr30k-images/1000092795.jpg", IMAGE);
        write("flickr30k-images/10002456.jpg", IMAGE);
        write(
                "results_20130124.token",
                """
                1000092795.jpg#0\tTwo young guys # 1 .
                1000092795.jpg#1\tTwo men outside .
                10002456.jpg#0\tSeveral men in hard hats .
                """);
        assertThatThrownBy(() -> open("flickr30k"))
                .hasMessageEndingWith(
                        "knows no splits: put test.txt with the names of its images beside it, or"
                                + " ask for the split 'all'");
        assertThat(read(open("flickr30k", options("all", 0)))).hasSize(2);
        write("test.txt", "1000092795\n");
        assertThat(read(open("flickr30k")))
                .singleElement()
                .extracting(Pair::captions)
                .isEqualTo(
                        List.of(
                                new Caption("Two young guys # 1 .", "en"),
                                new Caption("Two men outside .", "en")));
    }

    @Test
    void flickr30k_reads_the_csv_with_its_broken_row() throws IOException {
        write("2199200615.jpg", IMAGE);
        write(
                "results.csv",
                """
                image_name| comment_number| comment
                2199200615.jpg| 0| A dog runs .
                2199200615.jpg| 4   A dog runs across the grass .
                """);
        assertThat(read(open("flickr30k", options("all", 0))).getFirst().captions())
                .extracting(Caption::text)
                .containsExactly("A dog runs .", "A dog runs across the grass .");
    }

    @Test
    void xm3600_keeps_the_languages_apart() throws IOException {
        write("images/00a1.jpg", IMAGE);
        write(
                "captions.jsonl",
                """
                {"image/key": "00a1", "image/locale": "de", "de": {"caption": ["Ein Haus", "Haus"],
                """
                                .strip()
                        + " \"caption/tokenized\": [\"Ein\"]}, \"quz\": {\"caption\": [\"wasi\"]}}\n");
        Pair pair = read(open("xm3600")).getFirst();
        assertThat(pair.captions())
                .containsExactly(
                        new Caption("Ein Haus", "de"),
                        new Caption("Haus", "de"),
                        new Caption("wasi", "quz"));
        assertThat(pair.text("locale")).contains("de");
        write("captions.jsonl", "\n{\"image/locale\": \"de\"}");
        assertThatThrownBy(() -> open("xm3600")).hasMessageEndingWith("line 2: no image/key");
    }

    @Test
    void imagenet_numbers_the_folders_and_takes_names_from_a_file() throws IOException {
        write("val/n01440764/ILSVRC2012_val_00000293.JPEG", IMAGE);
        write("val/n01443537/a.b.jpg", IMAGE);
        write("val/n01443537/notes.txt", IMAGE);
        assertThatThrownBy(() -> open("imagenet"))
                .hasMessageContaining("no file names the classes: classnames.txt,");
        write("LOC_synset_mapping.txt", "n01440764 tench, Tinca tinca\nn01443537 goldfish\n");
        Benchmark imagenet = open("imagenet");
        assertThat(imagenet.classes().orElseThrow().names()).containsExactly("tench", "goldfish");
        assertThat(imagenet.classes().orElseThrow().texts(0))
                .containsExactly("a photo of a tench.");
        assertThat(read(imagenet))
                .extracting(pair -> pair.text(Benchmark.LABEL).orElseThrow())
                .containsExactly("0", "1");
    }

    @Test
    void class_names_come_in_many_forms() throws IOException {
        List<String> ids = List.of("n01440764", "n01443537");
        List<String> forms =
                List.of(
                        "{\"0\": [\"n01440764\", \"great_tench\"], \"1\": [\"n01443537\", \"b\"]}",
                        "{\"n01440764\": \"great tench, fish\", \"n01443537\": \"b\"}",
                        "[{\"wnid\": \"n01440764\", \"lemmas\": [\"great tench\"]},"
                                + "{\"wnid\": \"n01443537\", \"lemmas\": [\"b\"]}]",
                        "[\"great tench\", \"b\"]");
        for (String form : forms) {
            write("names.json", form);
            assertThat(ClassNames.read(folder.resolve("names.json"), ids))
                    .containsExactly("great tench", "b");
        }
        write("names.txt", "great tench\nb\n");
        assertThat(ClassNames.read(folder.resolve("names.txt"), ids))
                .containsExactly("great tench", "b");
        write("names.txt", "great tench\n");
        assertThatThrownBy(() -> ClassNames.read(folder.resolve("names.txt"), ids))
                .hasMessageEndingWith("1 names for 2 class folders");
        write("names.txt", "n01440764\tgreat tench\n");
        assertThatThrownBy(() -> ClassNames.read(folder.resolve("names.txt"), ids))
                .hasMessageEndingWith("no name for the class n01443537");
    }

    @Test
    void webdataset_reads_labelled_shards() throws IOException {
        write("classnames.txt", "airplane\nbird\n");
        write("zeroshot_classification_templates.txt", "a photo of a {c}.\na bad {c}.\n");
        write(
                "test/0.tar",
                new TarWriter()
                        .file("s0000000.webp", IMAGE)
                        .file("s0000000.cls", "1")
                        .file("s0000001.webp", IMAGE)
                        .file("s0000001.cls", "2")
                        .closed());
        Benchmark set = open("webdataset");
        assertThat(set.classes().orElseThrow().texts(1))
                .containsExactly("a photo of a bird.", "a bad bird.");
        Pair pair = read(set).getFirst();
        assertThat(pair.captions()).containsExactly(Caption.of("bird"));
        assertThat(pair.text(Benchmark.LABEL)).contains("1");
        assertThat(skipped.listed())
                .singleElement()
                .asString()
                .endsWith("s0000001: the label is 2; there are 2 classes");
    }

    @Test
    void webdataset_without_class_names_is_for_retrieval() throws IOException {
        write(
                "test/0.tar",
                new TarWriter().file("0.jpg", IMAGE).file("0.txt", "one\ntwo\n").closed());
        Benchmark set = open("webdataset");
        assertThat(set.classes()).isEmpty();
        assertThat(read(set).getFirst().captions()).hasSize(2);
        assertThat(set.name()).startsWith("webdataset:").endsWith(":test");
    }

    @Test
    void says_what_it_cannot_find() throws IOException {
        assertThatThrownBy(() -> open("cooc"))
                .hasMessageEndingWith(
                        "is not KIND:FOLDER with a KIND of coco, flickr30k, xm3600, imagenet,"
                                + " webdataset");
        assertThatThrownBy(() -> Benchmark.of("coco:/no/such", Benchmark.Options.DEFAULT))
                .hasMessage("/no/such: no such folder");
        assertThatThrownBy(() -> open("coco")).hasMessageContaining("no dataset_coco.json");
        assertThatThrownBy(() -> open("flickr30k")).hasMessageContaining("results.csv");
        assertThatThrownBy(() -> open("xm3600")).hasMessageContaining("no captions.jsonl");
        assertThatThrownBy(() -> open("webdataset")).hasMessageContaining("no .tar shards");
        assertThatThrownBy(() -> open("imagenet")).hasMessageContaining("no folder a class");
        write("templates.txt", "a photo");
        Files.createDirectories(folder.resolve("val/cat"));
        assertThatThrownBy(() -> open("imagenet"))
                .hasMessage("template 'a photo' has no {} for the name of the class");
    }

    private Benchmark open(String kind) {
        return open(kind, Benchmark.Options.DEFAULT);
    }

    private Benchmark open(String kind, Benchmark.Options options) {
        return Benchmark.of(kind + ":" + folder, options);
    }

    private static Benchmark.Options options(String split, int captions) {
        return new Benchmark.Options(
                Optional.of(split), captions, Optional.empty(), Optional.empty());
    }

    private List<Pair> read(Benchmark benchmark) {
        List<Pair> pairs = new ArrayList<>();
        try (PairReader reader = benchmark.opener().apply(skipped)) {
            reader.forEachRemaining(pairs::add);
        }
        return pairs;
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
