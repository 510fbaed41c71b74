package io.cospace.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairReaderTest {
    private static final byte[] IMAGE = {1, 2, 3};

    @TempDir Path folder;
    private final SkippedSamples skipped = new SkippedSamples();

    @Test
    void reads_a_shard_with_json_members() throws IOException {
        Path shard =
                shard(
                        "a.tar",
                        new TarWriter()
                                .file("000.jpg", IMAGE)
                                .file(
                                        "000.json",
                                        """
                                        {"caption": " a cat ", "language": "en", "n": 3,
                                         "keywords": ["pet", "animal"], "none": null,
                                         "captions": {"de": "eine Katze", "es": ["un gato", ""]}}\
                                        """)
                                .file("001.png", IMAGE)
                                .file("001.json", "{\"captions\": [\"x\", {\"text\": \"y\"}]}"));
        List<Pair> pairs = read(shard);
        assertThat(pairs).extracting(Pair::key).containsExactly("000", "001");
        Pair first = pairs.getFirst();
        assertThat(first.image()).isEqualTo(IMAGE);
        assertThat(first.captions())
                .containsExactly(
                        new Caption("a cat", "en"),
                        new Caption("eine Katze", "de"),
                        new Caption("un gato", "es"));
        assertThat(first.metadata()).containsEntry("n", 3).doesNotContainKey("none");
        assertThat(first.texts("keywords")).containsExactly("pet", "animal");
        assertThat(first.text("language")).contains("en");
        assertThat(first.text("n")).isEmpty();
        assertThat(pairs.getLast().captions()).containsExactly(Caption.of("x"), Caption.of("y"));
        assertThat(skipped.count()).isZero();
    }

    @Test
    void reads_a_shard_with_text_members() throws IOException {
        Path shard =
                shard(
                        "a.tar",
                        new TarWriter()
                                .file("d/7.WEBP", IMAGE)
                                .file("d/7.txt", "one\r\n\ntwo\n")
                                .file("d/7.de.txt", "eins")
                                .file("d/7.cls", "12\n")
                                .file("d/7.npy", "ignored")
                                .file("d/7.json", "{\"caption\": \"two\"}"));
        Pair pair = read(shard).getFirst();
        assertThat(pair.key()).isEqualTo("d/7");
        assertThat(pair.captions())
                .containsExactly(Caption.of("two"), Caption.of("one"), new Caption("eins", "de"));
        assertThat(pair.text("cls")).contains("12");
    }

    @Test
    void says_where_each_image_lies() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("in"));
        Path shard = folder.resolve("in/a.tar");
        Files.write(
                shard,
                new TarWriter()
                        .file("0.txt", "x")
                        .file("0.jpg", new byte[] {7, 8})
                        .file("1.jpg", IMAGE)
                        .file("1.txt", "y")
                        .closed());
        Path images = Files.createDirectories(folder.resolve("files"));
        Files.write(images.resolve("c.jpg"), new byte[] {9});
        Files.writeString(images.resolve("c.txt"), "z");
        Files.writeString(folder.resolve("t.csv"), "image,caption\nfiles/c.jpg,w\n");
        try (PairReader reader =
                PairReader.open(List.of(inner, images, folder.resolve("t.csv")), skipped)) {
            int pairs = 0;
            while (reader.hasNext()) {
                Pair pair = reader.next();
                pairs++;
                // Looking ahead must not move the place.
                assertThat(reader.hasNext()).isEqualTo(pairs < 4);
                assertThat(reader.stored().read()).isEqualTo(pair.image());
            }
            assertThat(pairs).isEqualTo(4);
        }
    }

    @Test
    void skips_counts_and_lists_corrupt_samples() throws IOException {
        Path shard =
                shard(
                        "a.tar",
                        new TarWriter()
                                .file("0.jpg", IMAGE)
                                .file("0.json", "{\"caption\": ")
                                .file("1.jpg", IMAGE)
                                .file("2.txt", "alone")
                                .file("3.jpg", new byte[0])
                                .file("3.txt", "empty")
                                .file("4.jpg", IMAGE)
                                .file("4.png", IMAGE)
                                .file("4.txt", "two")
                                .file("5.jpg", IMAGE)
                                .file("5.txt", new byte[] {(byte) 0xff})
                                .file("6.jpg", IMAGE)
                                .file("6.json", "{\"caption\": 6}")
                                .file("7.jpg", IMAGE)
                                .file("7.jpg", IMAGE)
                                .file("7.txt", "twice")
                                .file("8.jpg", IMAGE)
                                .file("8.json", "[]")
                                .file("9.jpg", IMAGE)
                                .file("9.txt", "good"));
        assertThat(read(shard)).extracting(Pair::key).containsExactly("9");
        assertThat(skipped.count()).isEqualTo(9);
        assertThat(skipped.listed())
                .allMatch(s -> s.source().equals(shard.toString()))
                .extracting(SkippedSamples.Skipped::key, s -> s.reason().replaceFirst("[:.].*", ""))
                .containsExactly(
                        tuple("0", "bad json"),
                        tuple("1", "no caption"),
                        tuple("2", "no image"),
                        tuple("3", "the image is empty"),
                        tuple("4", "several images"),
                        tuple("5", "the txt member is not UTF-8"),
                        tuple("6", "a caption is no text"),
                        tuple("7", "two members end in "),
                        tuple("8", "the json member is no object"));
    }

    @Test
    void skips_an_image_over_the_limit_without_reading_it() throws IOException {
        byte[] archive =
                new TarWriter()
                        .header("a.jpg", '0', TarWriter.octal(SampleParts.MAX_IMAGE_BYTES + 1))
                        .open();
        Path file = Files.write(folder.resolve("a.tar"), archive);
        // The archive ends inside the image: the reader must want to pass over it, not to hold it.
        assertThatThrownBy(() -> read(file)).hasMessageContaining("the archive ends early");
    }

    @Test
    void keeps_the_list_of_skipped_samples_short() {
        for (int i = 0; i < SkippedSamples.LISTED + 5; i++) {
            skipped.add("s", "k" + i, "r");
        }
        assertThat(skipped.count()).isEqualTo(SkippedSamples.LISTED + 5);
        assertThat(skipped.listed()).hasSize(SkippedSamples.LISTED);
    }

    @Test
    void reads_several_shards_and_folders_of_shards_in_order() throws IOException {
        Files.createDirectory(folder.resolve("more"));
        Path b = shard("b.tar", new TarWriter().file("b.jpg", IMAGE).file("b.txt", "b"));
        shard("more/2.tar", new TarWriter().file("2.jpg", IMAGE).file("2.txt", "2"));
        shard("more/1.tar", new TarWriter().file("1.jpg", IMAGE).file("1.txt", "1"));
        assertThat(read(b, folder.resolve("more")))
                .extracting(Pair::key)
                .containsExactly("b", "1", "2");
    }

    @Test
    void reads_a_folder_of_images_with_captions_beside_them() throws IOException {
        Files.createDirectory(folder.resolve("pets"));
        Files.write(folder.resolve("pets/cat.jpg"), IMAGE);
        Files.writeString(folder.resolve("pets/cat.txt"), "a cat");
        Files.writeString(folder.resolve("pets/cat.ja.txt"), "猫");
        Files.write(folder.resolve("bare.png"), IMAGE);
        Files.writeString(folder.resolve("notes.txt"), "not a caption");
        List<Pair> pairs = read(folder);
        assertThat(pairs).extracting(Pair::key).containsExactly("pets/cat");
        assertThat(pairs.getFirst().captions())
                .containsExactlyInAnyOrder(Caption.of("a cat"), new Caption("猫", "ja"));
        assertThat(skipped.listed())
                .extracting(SkippedSamples.Skipped::key)
                .containsExactly("bare");
    }

    @Test
    void reads_a_csv_table_and_joins_the_rows_of_an_image() throws IOException {
        Files.write(folder.resolve("a b.jpg"), IMAGE);
        Path table =
                Files.writeString(
                        folder.resolve("t.csv"),
                        """
                        \ufeffimage,caption,language,source
                        a b.jpg,"red, ""round""
                        ball",en,x
                        missing.jpg,gone,en,
                        a b.jpg,roter Ball,de,y
                        short,row
                        a b.jpg,roter Ball,de,
                        """);
        List<Pair> pairs = read(table);
        assertThat(pairs).hasSize(1);
        assertThat(pairs.getFirst().captions())
                .containsExactly(
                        new Caption("red, \"round\"\nball", "en"), new Caption("roter Ball", "de"));
        assertThat(pairs.getFirst().metadata()).isEqualTo(Map.of("source", "x"));
        assertThat(skipped.listed())
                .extracting(SkippedSamples.Skipped::key)
                .containsExactly("line 6", "missing.jpg");
    }

    @Test
    void reads_a_tsv_table_where_quotes_are_characters() throws IOException {
        Files.write(folder.resolve("a.jpg"), IMAGE);
        Files.writeString(
                folder.resolve("metadata.tsv"),
                """
                filepath\ttitle
                a.jpg\t"big" and 'small'
                a.jpg\t"say ""hi"\""
                a.jpg\t12" disc
                """);
        assertThat(read(folder).getFirst().captions())
                .extracting(Caption::text)
                .containsExactly("\"big\" and 'small'", "say \"hi\"", "12\" disc");
    }

    @Test
    void says_what_is_wrong_with_a_table() throws IOException {
        Path columns = Files.writeString(folder.resolve("a.csv"), "url,caption\nx,y\n");
        assertThatThrownBy(() -> read(columns))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no column image or filepath")
                .hasMessageContaining("[url, caption]");
        Path quote = Files.writeString(folder.resolve("b.csv"), "image,caption\nx,\"y\n");
        assertThatThrownBy(() -> read(quote))
                .hasMessage(quote + ": line 2: a quote is never closed");
        Path empty = Files.writeString(folder.resolve("c.tsv"), "");
        assertThatThrownBy(() -> read(empty)).hasMessage(empty + ": the table is empty");
    }

    @Test
    void says_when_a_source_is_missing_or_unknown() throws IOException {
        Path missing = folder.resolve("no.tar");
        assertThatThrownBy(() -> read(missing)).hasMessage(missing + ": no such file or folder");
        Path other = Files.writeString(folder.resolve("x.parquet"), "");
        assertThatThrownBy(() -> read(other)).hasMessageContaining(".tar shards, .csv or .tsv");
    }

    @Test
    void a_reader_at_its_end_has_no_next() throws IOException {
        Path shard = shard("a.tar", new TarWriter().file("b.jpg", IMAGE).file("b.txt", "b"));
        try (PairReader reader = PairReader.open(shard, skipped)) {
            assertThat(reader.next().key()).isEqualTo("b");
            assertThat(reader.hasNext()).isFalse();
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    private Path shard(String name, TarWriter tar) throws IOException {
        return Files.write(folder.resolve(name), tar.closed());
    }

    private List<Pair> read(Path... sources) {
        List<Pair> pairs = new ArrayList<>();
        try (PairReader reader = PairReader.open(List.of(sources), skipped)) {
            reader.forEachRemaining(pairs::add);
        }
        return pairs;
    }
}
