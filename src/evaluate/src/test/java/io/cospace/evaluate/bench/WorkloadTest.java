package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    @TempDir Path folder;

    @Test
    void reads_texts_and_images_beside_it() throws IOException {
        Files.createDirectory(folder.resolve("images"));
        Files.write(folder.resolve("images/a.JPG"), new byte[] {7});
        Workload workload =
                read(
                        """
                        ["one", "two.jpg"]

                        ["images/a.JPG", {"text": "images/a.JPG"}, {"image": "images/a.JPG"}]
                        """);
        assertThat(workload.name()).isEqualTo("w");
        assertThat(workload.requests().getFirst())
                .containsExactly(new Item.Text("one"), new Item.Text("two.jpg"));
        List<Item> second = workload.requests().getLast();
        assertThat(second.get(0)).isInstanceOf(Item.Image.class);
        assertThat(second.get(1)).isEqualTo(new Item.Text("images/a.JPG"));
        assertThat(second.get(2))
                .isInstanceOfSatisfying(
                        Item.Image.class, image -> assertThat(image.bytes()).containsExactly(7));
        assertThat(workload.items()).hasSize(5);
    }

    @Test
    void names_the_line_that_is_wrong() {
        assertThatThrownBy(() -> read("[\"a\"]\n[1]\n"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("line 2: an input is a string");
        assertThatThrownBy(() -> read("[]")).hasMessageContaining("line 1: a request is a JSON");
        assertThatThrownBy(() -> read("[\"a\"")).hasMessageContaining("line 1: ");
        assertThatThrownBy(() -> read("\n")).hasMessageContaining("has no request");
        assertThatThrownBy(() -> read("[{\"image\": \"no.png\"}]")).hasMessageContaining("no.png");
        assertThatThrownBy(() -> Workload.read(folder.resolve("none.jsonl")))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void mixes_by_shares_until_each_was_sent_whole() {
        Workload a = workload("a", "1", "2");
        Workload b = workload("b", "x", "y");
        Workload mixed = Workload.mixed(List.of(new Workload.Part(a, 3), new Workload.Part(b, 1)));
        assertThat(mixed.name()).isEqualTo("a x 3 + b x 1");
        assertThat(mixed.items())
                .extracting(item -> ((Item.Text) item).text())
                .containsExactly("1", "2", "1", "x", "2", "1", "2", "y");
        assertThat(Workload.mixed(List.of(new Workload.Part(a, 7)))).isSameAs(a);
        assertThatThrownBy(() -> new Workload.Part(a, 0))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("share of workload a is 0.0");
        assertThatThrownBy(() ->
                        Workload.mixed(
                                List.of(new Workload.Part(a, 1e5), new Workload.Part(b, 0.5))))
                .hasMessageContaining("at most 100000");
    }

    @Test
    void puts_inputs_into_batches() {
        Workload by2 = workload("a", "1", "2", "3").inBatchesOf(2);
        assertThat(by2.name()).isEqualTo("a by 2");
        assertThat(by2.requests())
                .containsExactly(
                        List.of(new Item.Text("1"), new Item.Text("2")),
                        List.of(new Item.Text("3")));
        assertThatThrownBy(() -> by2.inBatchesOf(0)).isInstanceOf(BenchException.class);
    }

    private static Workload workload(String name, String... texts) {
        return new Workload(
                name, Stream.of(texts).map(t -> List.<Item>of(new Item.Text(t))).toList());
    }

    private Workload read(String text) throws IOException {
        return Workload.read(Files.writeString(folder.resolve("w.jsonl"), text));
    }
}
