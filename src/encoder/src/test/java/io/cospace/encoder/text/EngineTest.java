package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tokenizer a file gets, and that both read the same of it. */
class EngineTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT =
            "Un, deux: \uFF1Cunk\uFF1E trois\t\u2122\u0301 <s>\u2581x \uD83D\uDE00";

    private static ObjectNode published;

    @TempDir Path folder;

    @BeforeAll
    static void read() throws IOException {
        published = (ObjectNode) JSON.readTree(Golden.read("xlmr/tokenizer.json.gz"));
        shorten((ObjectNode) published.path("model"));
        ((ArrayNode) published.path("added_tokens")).remove(4);
    }

    /** 3,000 pieces are enough here. */
    private static void shorten(ObjectNode model) {
        ArrayNode few = JSON.createArrayNode();
        for (int i = 0; i < 3000; i++) {
            few.add(model.path("vocab").path(i));
        }
        model.set("vocab", few);
    }

    @Test
    void byte_pairs_are_for_the_library() throws IOException {
        Path file = Files.write(folder.resolve("clip.json"), Golden.read("clip/tokenizer.json.gz"));

        try (Engine engine = Engine.open(file)) {
            assertThat(engine).isInstanceOf(LibraryEngine.class);
        }
    }

    static Stream<Arguments> read_here() {
        return Stream.of(
                change("as published", root -> {}),
                change(
                        "cut and padded",
                        root -> {
                            root.set(
                                    "truncation",
                                    JSON.valueToTree(
                                            Map.of(
                                                    "direction",
                                                    "Right",
                                                    "max_length",
                                                    4,
                                                    "strategy",
                                                    "LongestFirst",
                                                    "stride",
                                                    0)));
                            root.set(
                                    "padding",
                                    JSON.valueToTree(
                                            Map.of(
                                                    "strategy",
                                                    Map.of("Fixed", 9),
                                                    "direction",
                                                    "Right",
                                                    "pad_id",
                                                    1,
                                                    "pad_type_id",
                                                    0,
                                                    "pad_token",
                                                    "<pad>")));
                        }),
                change(
                        "older words for the mark",
                        root -> {
                            ObjectNode mark = mark(root);
                            mark.remove("prepend_scheme");
                            mark.remove("split");
                            mark.put("add_prefix_space", true);
                        }),
                change("nothing around a text", root -> root.putNull("post_processor")),
                change(
                        "two tokens before a text",
                        root ->
                                ((ArrayNode) root.path("post_processor").path("single"))
                                        .insert(
                                                0,
                                                JSON.valueToTree(
                                                        Map.of(
                                                                "SpecialToken",
                                                                Map.of(
                                                                        "id", "</s>", "type_id",
                                                                        0))))),
                change(
                        "an added token that takes white space",
                        root ->
                                ((ObjectNode) root.path("added_tokens").path(0))
                                        .put("lstrip", true)),
                change("no added tokens", root -> root.putArray("added_tokens")),
                change(
                        "odd numbers",
                        root -> {
                            ArrayNode pieces = (ArrayNode) root.path("model").path("vocab");
                            pieces.addArray().add("\u2581trois").add(-12);
                            pieces.addArray().add("troi").add(-1.25e-7);
                            pieces.addArray()
                                    .add("\"\\\n\u0007\uD83D\uDE00")
                                    .add(new BigDecimal("-1.23456789012345678901"));
                        }),
                change(
                        "a piece twice",
                        root ->
                                ((ArrayNode) root.path("model").path("vocab"))
                                        .addArray()
                                        .add("\u2581de")
                                        .add(-1.5)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void read_here(String name, Consumer<ObjectNode> change) throws IOException {
        Path file = write(change);

        try (Engine engine = Engine.open(file);
                Engine library = LibraryEngine.open(file)) {
            assertThat(engine).isInstanceOf(Engine.Own.class);
            Same.check(engine, library, TEXT);
            Same.check(engine, library, "");
        }
    }

    static Stream<Arguments> left_to_the_library() {
        return Stream.of(
                change(
                        "another version of the mark",
                        root -> mark(root).put("prepend_scheme", "first")),
                change("no split at the mark", root -> mark(root).put("split", false)),
                change("another mark", root -> mark(root).put("replacement", "_")),
                change(
                        "white space that stays",
                        root -> root.set("pre_tokenizer", mark(root).deepCopy())),
                change(
                        "another normaliser",
                        root -> root.putObject("normalizer").put("type", "NFKC")),
                change("no normaliser", root -> root.putNull("normalizer")),
                change(
                        "bytes for what is unknown",
                        root -> ((ObjectNode) root.path("model")).put("byte_fallback", true)),
                change("a word of its own", root -> added(root).put("single_word", true)),
                change("white space behind", root -> added(root).put("rstrip", true)),
                change("a token to be normalised", root -> added(root).put("normalized", true)),
                change("a token that is no piece", root -> added(root).put("content", "[CLS]")),
                change(
                        "bytes around",
                        root ->
                                root.set(
                                        "post_processor",
                                        JSON.createObjectNode()
                                                .put("type", "ByteLevel")
                                                .put("add_prefix_space", true)
                                                .put("trim_offsets", true)
                                                .put("use_regex", true))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void left_to_the_library(String name, Consumer<ObjectNode> change) throws IOException {
        try (Engine engine = Engine.open(write(change))) {
            assertThat(engine).isInstanceOf(LibraryEngine.class);
        }
    }

    private Path write(Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = published.deepCopy();
        change.accept(root);
        return Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(root));
    }

    private static Arguments change(String name, Consumer<ObjectNode> change) {
        return Arguments.of(name, change);
    }

    private static ObjectNode mark(JsonNode root) {
        return (ObjectNode) root.path("pre_tokenizer").path("pretokenizers").path(1);
    }

    private static ObjectNode added(JsonNode root) {
        return (ObjectNode) root.path("added_tokens").path(3);
    }
}
