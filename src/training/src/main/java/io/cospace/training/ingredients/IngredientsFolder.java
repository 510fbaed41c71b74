package io.cospace.training.ingredients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Everything in the folder of ingredients but the pairs to train with. */
final class IngredientsFolder {
    private static final String HEADING = "==== ";

    private final ObjectMapper json;
    private final Path out;

    IngredientsFolder(ObjectMapper json, Path out) {
        this.json = json;
        this.out = out;
    }

    /** Writes it; {@code out} must not exist. */
    void write(Path packages, Path bundle, Path test) throws IOException {
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out + ": exists; name a new folder");
        }
        for (String part : List.of("text", "image", "pairs")) {
            Files.createDirectories(out.resolve(part));
        }
        Files.copy(bundle.resolve("text.safetensors"), out.resolve("text/model.q4.safetensors"));
        Files.copy(bundle.resolve("tokenizer.json"), out.resolve("text/tokenizer.json"));
        Files.copy(
                bundle.resolve("image.safetensors"),
                out.resolve("image/efficientnet-lite0.safetensors"));
        Files.copy(test, out.resolve("pairs/test-0000.tar"));
        try (InputStream config = resource("text-config.json")) {
            Files.copy(config, out.resolve("text/config.json"));
        }
        writeLicenses(bundle.resolve("LICENSES"));
        writeTables(packages.resolve("wndb/data.noun"));
        writeEmoji(packages);
    }

    /** A bundle repeats the ingredients' licences, each under a heading with its file's name. */
    private void writeLicenses(Path licenses) throws IOException {
        String[] parts = Files.readString(licenses).split("(?m)^" + HEADING, -1);
        for (int i = 1; i < parts.length; i++) {
            int end = parts[i].indexOf(' ');
            String text = parts[i].substring(parts[i].indexOf('\n') + 1);
            Path file = out.resolve(parts[i].substring(0, end)).normalize();
            if (!file.startsWith(out)) {
                throw new IOException(licenses + ": leads out of the folder: " + file);
            }
            Files.writeString(file, text.strip() + "\n");
        }
    }

    private void writeTables(Path nouns) throws IOException {
        List<String> wnids;
        try (InputStream list = resource("imagenet-wnids.txt")) {
            wnids = new String(list.readAllBytes(), UTF_8).lines().toList();
        }
        List<String> places = wnids.stream().map(wnid -> wnid.substring(1)).toList();
        WordNet wordNet = WordNet.read(nouns);
        ArrayNode classes = json.createArrayNode();
        for (int i = 0; i < wnids.size(); i++) {
            words(classes.addObject().put("wnid", wnids.get(i)), wordNet.at(places.get(i)));
        }
        json.writeValue(out.resolve("image/imagenet-classes.json").toFile(), classes);
        ObjectNode targets = json.createObjectNode();
        placed(targets.putArray("inner"), wordNet.above(places));
        placed(targets.putArray("extra"), wordNet.near(places));
        json.writeValue(out.resolve("image/wordnet-targets.json").toFile(), targets);
    }

    private static ObjectNode words(ObjectNode node, WordNet.Meaning meaning) {
        ArrayNode lemmas = node.putArray("lemmas");
        meaning.lemmas().forEach(lemmas::add);
        return node.put("gloss", meaning.gloss());
    }

    private static void placed(ArrayNode array, List<WordNet.Placed> all) {
        for (WordNet.Placed placed : all) {
            ObjectNode node = words(array.addObject(), placed.meaning());
            ArrayNode classes = node.putArray("classes");
            placed.classes().forEach(classes::add);
            placed.distance().ifPresent(steps -> node.put("dist", steps));
        }
    }

    private void writeEmoji(Path packages) throws IOException {
        EmojiTable table =
                new EmojiTable(
                        json,
                        packages.resolve("cldr-annotations-full"),
                        packages.resolve("cldr-annotations-derived-full"));
        try (BufferedWriter lines =
                new BufferedWriter(
                        new OutputStreamWriter(
                                new GZIPOutputStream(
                                        Files.newOutputStream(
                                                out.resolve("pairs/emoji-names.jsonl.gz"))),
                                UTF_8))) {
            for (String emoji : PairShards.emoji(json)) {
                lines.write(json.writeValueAsString(table.line(emoji)));
                lines.write('\n');
            }
        }
    }

    static InputStream resource(String name) {
        InputStream stream = IngredientsFolder.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException("This is a bug: no resource " + name);
        }
        return stream;
    }
}
