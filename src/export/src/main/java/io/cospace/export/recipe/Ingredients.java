package io.cospace.export.recipe;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.export.BundleWriter;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that the default model is made from: {@code text}, {@code image} and {@code pairs},
 * each with a README that gives its formats. All files are checked to be there before work begins.
 */
final class Ingredients {
    /** Texts of the licences that the bundle repeats, each under a heading. */
    private static final List<String> LICENSES =
            List.of(
                    "text/LICENSE",
                    "image/LICENSE-efficientnet-lite.txt",
                    "image/LICENSE-wordnet.txt",
                    "pairs/LICENSE-openclipart.txt",
                    "pairs/LICENSE-emoji.txt",
                    "pairs/LICENSE-cldr.txt");

    private final Path folder;

    private Ingredients(Path folder) {
        this.folder = folder;
    }

    /**
     * Looks for every file.
     *
     * @throws ExportException naming the first that is missing
     */
    static Ingredients in(Path folder) {
        Ingredients ingredients = new Ingredients(folder);
        ingredients.all().forEach(Ingredients::require);
        return ingredients;
    }

    Path textWeights() {
        return folder.resolve("text/model.q4.safetensors");
    }

    Path textConfig() {
        return folder.resolve("text/config.json");
    }

    Path tokenizer() {
        return folder.resolve("text/tokenizer.json");
    }

    Path imageWeights() {
        return folder.resolve("image/efficientnet-lite0.safetensors");
    }

    Path classTable() {
        return folder.resolve("image/imagenet-classes.json");
    }

    Path emojiNames() {
        return folder.resolve("pairs/emoji-names.jsonl.gz");
    }

    List<Path> licenses() {
        return LICENSES.stream().map(folder::resolve).toList();
    }

    /**
     * The tar shards {@code <split>-NNNN.tar} by name, at least one.
     *
     * @param split train, val or test
     */
    List<Path> shards(String split) {
        Path pairs = folder.resolve("pairs");
        try (Stream<Path> files = Files.list(pairs)) {
            List<Path> shards =
                    files.filter(file ->
                                    String.valueOf(file.getFileName())
                                            .matches(split + "-\\d{4}\\.tar"))
                            .sorted()
                            .toList();
            if (shards.isEmpty()) {
                throw new ExportException(
                        "ingredient missing: " + pairs.resolve(split + "-0000.tar"));
            }
            return shards;
        } catch (IOException e) {
            throw new ExportException("cannot list " + pairs + ": " + e.getMessage(), e);
        }
    }

    /** The one test shard: a bundle's targets name one file. */
    Path testShard() {
        List<Path> shards = shards("test");
        if (shards.size() != 1) {
            throw new ExportException("ingredients: one test shard expected, found " + shards);
        }
        return shards.getFirst();
    }

    /** Every file that is read. */
    List<Path> all() {
        return Stream.of(
                        List.of(
                                textWeights(),
                                textConfig(),
                                tokenizer(),
                                imageWeights(),
                                classTable(),
                                emojiNames(),
                                testShard()),
                        licenses(),
                        shards("train"),
                        shards("val"))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * {@code file} relative to the ingredients' folder, with forward slashes: how provenance names
     * it.
     */
    String nameOf(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** Copies what a bundle has of them as it is, and their licences. */
    void copyTo(BundleWriter writer) {
        writer.copy(textWeights(), Graphs.TEXT_WEIGHTS);
        writer.copy(imageWeights(), Graphs.IMAGE_WEIGHTS);
        writer.copy(tokenizer(), Manifest.TOKENIZER);
        writer.write("LICENSES", Licenses.of(this));
    }

    private static void require(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ExportException("ingredient missing: " + file);
        }
    }
}
